/* Makes one write to a file of a folder take only half of its bytes, as a write may that a signal interrupts.
   Preloaded; SHORT_FOLDER names the folder, SHORT_AT which of its writes it is (from 1). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ssize_t write(int descriptor, const void *data, size_t count)
{
    static ssize_t (*libc_write)(int, const void *, size_t);
    static long seen;
    const char *folder = getenv("SHORT_FOLDER"), *at = getenv("SHORT_AT");
    char name[64], path[4096];
    if (!libc_write)
        libc_write = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    if (folder && at && count > 1) {
        snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
        ssize_t length = readlink(name, path, sizeof path - 1);
        if (length > 0) {
            path[length] = 0;
            if (strncmp(path, folder, strlen(folder)) == 0 && ++seen == atol(at))
                count /= 2;
        }
    }
    return libc_write(descriptor, data, count);
}
