package io.weir.metrics;

import io.micrometer.core.instrument.Timer;
import io.weir.core.path.PathStats;
import io.weir.reactive.PeerSession;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * Paths of the sessions of one transport, as they were when they were last told of: about once a second where a session speaks. What
 * a session has counted stays when it ends; what is now goes with it. Any thread; of one session on its loop.
 */
final class PathMeters {

    private final LongAdder sent = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder retransmitted = new LongAdder();
    private final Timer roundTrips;
    private final Timer queueing;
    private final Map<PeerSession, PathStats> live = new ConcurrentHashMap<>();

    PathMeters(Registered registered, String transport) {
        registered.counter(WeirMeter.PATH_PACKETS_SENT, sent, LongAdder::sum, transport);
        registered.counter(WeirMeter.PATH_PACKETS_LOST, lost, LongAdder::sum, transport);
        registered.counter(WeirMeter.PATH_PACKETS_RETRANSMITTED, retransmitted, LongAdder::sum, transport);
        registered.gauge(WeirMeter.PATH_CONGESTION_WINDOW, () -> sum(PathStats::congestionWindowBytes), transport);
        registered.gauge(WeirMeter.PATH_IN_FLIGHT, () -> sum(PathStats::bytesInFlight), transport);
        registered.gauge(WeirMeter.PATH_PACING, () -> sum(PathStats::pacingBytesPerSecond), transport);
        registered.gauge(WeirMeter.PATH_MTU, this::smallestDatagram, transport);
        roundTrips = registered.timer(WeirMeter.PATH_ROUND_TRIP, transport);
        queueing = registered.timer(WeirMeter.PATH_QUEUEING, transport);
    }

    private double sum(ToLongFunction<PathStats> value) {
        return live.values().stream().mapToLong(value).sum();
    }

    private double smallestDatagram() {
        return live.values().stream()
                .mapToDouble(PathStats::datagramBytes)
                .min()
                .orElse(Double.NaN);
    }

    void onPath(PeerSession session, PathStats path) {
        PathStats before = live.put(session, path);
        sent.add(path.sentPackets() - (before == null ? 0 : before.sentPackets()));
        lost.add(path.lostPackets() - (before == null ? 0 : before.lostPackets()));
        retransmitted.add(path.retransmittedPackets() - (before == null ? 0 : before.retransmittedPackets()));
        roundTrips.record(path.smoothedRttNanos(), TimeUnit.NANOSECONDS);
        queueing.record(Math.max(0, path.smoothedRttNanos() - path.minRttNanos()), TimeUnit.NANOSECONDS);
    }

    void onEnded(PeerSession session) {
        live.remove(session);
    }

    int kept() {
        return live.size();
    }
}
