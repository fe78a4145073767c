package io.weir.metrics;

import io.weir.core.stream.Reliability;
import io.weir.core.stream.StreamStats;
import io.weir.reactive.MessageStats;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Meters of streams and what of messages is now. Streams count for themselves; nothing here is on their way. When a meter is
 * read, what they have counted is summed up, at most once in 10 ms however many meters there are. A stream that ends, or whose
 * session does, is summed up then. Any thread.
 */
final class StreamMeters {

    static final long FRESH_NANOS = 10_000_000;

    private final Registered registered;
    private final Types types;
    private final Map<String, StreamTotals> totals = new ConcurrentHashMap<>();
    private final Map<PeerSession, Map<PeerStream, StreamTally>> sessions = new ConcurrentHashMap<>();
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private volatile long refreshedNanos;
    private volatile long asking;
    private volatile long answering;
    private volatile long messagesWaiting;

    StreamMeters(Registered registered, Types types) {
        this.registered = registered;
        this.types = types;
        refreshedNanos = registered.nowNanos() - FRESH_NANOS;
        registered.gauge(WeirMeter.REQUESTS_OPEN, () -> fresh().asking, "client");
        registered.gauge(WeirMeter.REQUESTS_OPEN, () -> fresh().answering, "server");
        registered.gauge(WeirMeter.MESSAGES_WAITING, () -> fresh().messagesWaiting);
    }

    void onSessionReady(PeerSession session) {
        sessions.put(session, new ConcurrentHashMap<>());
    }

    void onSessionEnded(PeerSession session) {
        Map<PeerStream, StreamTally> streams = sessions.remove(session);
        if (streams != null) {
            streams.keySet().forEach(stream -> end(streams, stream));
        }
    }

    void onStreamOpened(PeerStream stream) {
        StreamTotals ofType = totalsOf(stream);
        ofType.onOpened();
        Map<PeerStream, StreamTally> streams = sessions.get(stream.session());
        if (streams == null) {
            ofType.onEnded(); // its session has ended: nothing will come of it
        } else {
            streams.put(stream, new StreamTally(stream, ofType));
        }
    }

    void onStreamEnded(PeerStream stream) {
        Map<PeerStream, StreamTally> streams = sessions.get(stream.session());
        if (streams != null) {
            end(streams, stream);
        }
    }

    private static void end(Map<PeerStream, StreamTally> streams, PeerStream stream) {
        StreamTally tally = streams.remove(stream);
        if (tally != null) {
            tally.settle();
            tally.totals().onEnded();
        }
    }

    private StreamTotals totalsOf(PeerStream stream) {
        String type = types.of(stream.name());
        Reliability reliability = stream.config().reliability();
        String key = reliability + type;
        StreamTotals known = totals.get(key);
        return known != null ? known : totals.computeIfAbsent(key, absent -> newTotals(type, reliability));
    }

    private StreamTotals newTotals(String type, Reliability reliability) {
        StreamTotals made = new StreamTotals();
        made.register(registered, this::refresh, type, reliability.name().toLowerCase(Locale.ROOT));
        return made;
    }

    private StreamMeters fresh() {
        refresh();
        return this;
    }

    /** Sums up what has been counted since the last time, unless that was just now, or another thread does. */
    private void refresh() {
        long now = registered.nowNanos();
        if (now - refreshedNanos < FRESH_NANOS || !refreshing.compareAndSet(false, true)) {
            return;
        }
        try {
            totals.values().forEach(StreamTotals::begin);
            sumUp();
            totals.values().forEach(StreamTotals::publish);
            refreshedNanos = registered.nowNanos();
        } finally {
            refreshing.set(false);
        }
    }

    private void sumUp() {
        long asked = 0;
        long answered = 0;
        long waiting = 0;
        for (Map.Entry<PeerSession, Map<PeerStream, StreamTally>> session : sessions.entrySet()) {
            for (StreamTally tally : session.getValue().values()) {
                StreamStats stats = tally.settle();
                tally.totals().add(stats, tally.isStalled(stats));
            }
            MessageStats messages = session.getKey().messageStats();
            asked += messages.requestsOutstanding();
            answered += messages.requestsInFlight();
            waiting += messages.messagesWaiting();
        }
        asking = asked;
        answering = answered;
        messagesWaiting = waiting;
    }

    /** Sessions and streams that are kept track of, for leak checks. */
    int kept() {
        return sessions.size() + sessions.values().stream().mapToInt(Map::size).sum();
    }
}
