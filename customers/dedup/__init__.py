"""The matching engine: which source records are one customer. Integer arrays in, decisions out; knows no Django."""
