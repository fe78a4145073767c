package io.weir.benchmarks.peer;

import io.weir.test.network.LinkProfile;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Endless streams from server to client, all in one connection, received with bounded demand.
 *
 * @param id short unique name
 * @param streams number of concurrent streams, at least 1
 * @param payloadBytes length of each element, at least 2 (its first and last byte are read)
 * @param link what lies between client and server
 */
public record StreamWorkload(String id, int streams, int payloadBytes, Optional<LinkProfile> link) implements Workload {
    public StreamWorkload {
        if (streams < 1) {
            throw new IllegalArgumentException("streams = " + streams + ", legal: 1 and above");
        }
        if (payloadBytes < 2) {
            throw new IllegalArgumentException("payloadBytes = " + payloadBytes + ", legal: 2 and above");
        }
        Objects.requireNonNull(link, "link");
    }

    /** Over the loopback interface as it is. */
    public StreamWorkload(String id, int streams, int payloadBytes) {
        this(id, streams, payloadBytes, Optional.empty());
    }

    @Override
    public String title() {
        String size = payloadBytes % 1024 == 0 ? payloadBytes / 1024 + " KiB" : payloadBytes + " B";
        String what = streams == 1 ? "one stream, " + size : streams + " streams, " + size;
        return link.map(path -> what + ", over " + told(path)).orElse(what);
    }

    @Override
    public String unit() {
        return "el";
    }

    private static String told(LinkProfile path) {
        String rate = path.bytesPerSecond() == 0 ? "no limit of rate" : path.bytesPerSecond() * 8 / 1e6 + " Mbit/s";
        return String.format(
                Locale.ROOT,
                "%s, %d ms of round trip and %.1f %% of loss",
                rate,
                2 * path.latency().toMillis(),
                path.loss() * 100);
    }
}
