package io.weir.benchmarks.peer;

/**
 * Endless streams from server to client, all in one connection, received with bounded demand.
 *
 * @param id short unique name
 * @param streams number of concurrent streams, at least 1
 * @param payloadBytes length of each element, at least 2 (its first and last byte are read)
 */
public record StreamWorkload(String id, int streams, int payloadBytes) implements Workload {
    public StreamWorkload {
        if (streams < 1) {
            throw new IllegalArgumentException("streams = " + streams + ", legal: 1 and above");
        }
        if (payloadBytes < 2) {
            throw new IllegalArgumentException("payloadBytes = " + payloadBytes + ", legal: 2 and above");
        }
    }

    @Override
    public String title() {
        String size = payloadBytes % 1024 == 0 ? payloadBytes / 1024 + " KiB" : payloadBytes + " B";
        return streams == 1 ? "one stream, " + size : streams + " streams, " + size;
    }

    @Override
    public String unit() {
        return "el";
    }
}
