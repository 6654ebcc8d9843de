"""The replay of stock moves: quantities and values. Pure; knows no files and no accounts."""
