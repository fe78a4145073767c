package io.weir.metrics;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.stream.Reliability;
import io.weir.core.stream.StreamStats;
import io.weir.reactive.MessageStats;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Meters of streams and what of messages is now. Streams count for themselves; nothing here is on their way. When a meter is
 * read, what they have counted is summed up, at most once in 10 ms however many meters there are. A stream that ends, or whose
 * session does, is summed up then. Any thread.
 */
final class StreamMeters {

    private final Registered registered;
    private final Types types;
    private final Map<String, StreamTotals> totals = new ConcurrentHashMap<>();
    private final Map<PeerSession, Map<PeerStream, StreamTally>> sessions = new ConcurrentHashMap<>();
    private final Refresh refresh;
    private volatile long asking;
    private volatile long answering;
    private volatile long messagesWaiting;

    StreamMeters(Registered registered, Types types) {
        this.registered = registered;
        this.types = types;
        refresh = new Refresh(registered, this::sumUpAll);
        registered.gauge(WeirMeter.REQUESTS_OPEN, () -> fresh().asking, "client");
        registered.gauge(WeirMeter.REQUESTS_OPEN, () -> fresh().answering, "server");
        registered.gauge(WeirMeter.MESSAGES_WAITING, () -> fresh().messagesWaiting);
    }

    void onSessionReady(PeerSession session) {
        sessions.put(session, new ConcurrentHashMap<>());
    }

    /** Streams that live are taken along, and none of them has come to its own end. */
    void onSessionEnded(PeerSession session, CloseReason reason) {
        Map<PeerStream, StreamTally> streams = sessions.remove(session);
        if (streams != null) {
            String outcome = Outcomes.of(reason.clean() ? ErrorCode.STREAM_CLOSED : reason.error());
            streams.keySet().forEach(stream -> end(streams, stream, outcome));
        }
    }

    void onStreamOpened(PeerStream stream) {
        StreamTotals ofType = totalsOf(stream);
        ofType.onOpened();
        Map<PeerStream, StreamTally> streams = sessions.get(stream.session());
        if (streams == null) {
            ofType.onEnded(Outcomes.of(ErrorCode.STREAM_CLOSED)); // as its session is: nothing will come of it
        } else {
            streams.put(stream, new StreamTally(stream, ofType));
        }
    }

    void onStreamEnded(PeerStream stream, CloseReason reason) {
        Map<PeerStream, StreamTally> streams = sessions.get(stream.session());
        if (streams != null) {
            end(streams, stream, Outcomes.of(reason));
        }
    }

    private static void end(Map<PeerStream, StreamTally> streams, PeerStream stream, String outcome) {
        StreamTally tally = streams.remove(stream);
        if (tally != null) {
            tally.settle();
            tally.totals().onEnded(outcome);
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
        StreamTotals made =
                new StreamTotals(registered, type, reliability.name().toLowerCase(Locale.ROOT));
        made.register(refresh::run);
        return made;
    }

    private StreamMeters fresh() {
        refresh.run();
        return this;
    }

    private void sumUpAll() {
        totals.values().forEach(StreamTotals::begin);
        sumUp();
        totals.values().forEach(StreamTotals::publish);
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
