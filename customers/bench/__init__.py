"""What `make bench` measures, in a database of its own: loading beside a bare COPY, pages beside a floor."""
