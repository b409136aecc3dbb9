"""Many records: workers, the cache of what was judged before, a cluster."""
