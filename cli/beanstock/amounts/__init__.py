"""Amounts of documents: net, tax, gross, units and due dates. Pure; knows no accounts."""
