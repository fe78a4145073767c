package io.weir.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.LongAdder;

/** What the sessions of one transport do on their links. Any thread. */
final class TransportMeters {

    private final LongAdder recordsSent = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder recordsReceived = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final Timer roundTrips;
    private final Timer reconnects;
    private final Counter heartbeatsMissed;
    private final SessionMeters initiated;
    private final SessionMeters accepted;

    TransportMeters(Registered registered, String transport) {
        registered.counter(WeirMeter.RECORDS, recordsSent, LongAdder::sum, transport, "sent");
        registered.counter(WeirMeter.RECORDS, recordsReceived, LongAdder::sum, transport, "received");
        registered.counter(WeirMeter.RECORD_BYTES, bytesSent, LongAdder::sum, transport, "sent");
        registered.counter(WeirMeter.RECORD_BYTES, bytesReceived, LongAdder::sum, transport, "received");
        roundTrips = registered.timer(WeirMeter.ROUND_TRIP, transport);
        reconnects = registered.timer(WeirMeter.RECONNECTS, transport);
        heartbeatsMissed = registered.counter(WeirMeter.HEARTBEATS_MISSED, transport);
        initiated = new SessionMeters(registered, transport, "initiator");
        accepted = new SessionMeters(registered, transport, "responder");
    }

    void onSent(int bytes) {
        recordsSent.increment();
        bytesSent.add(bytes);
    }

    void onReceived(int bytes) {
        recordsReceived.increment();
        bytesReceived.add(bytes);
    }

    Timer roundTrips() {
        return roundTrips;
    }

    Timer reconnects() {
        return reconnects;
    }

    Counter heartbeatsMissed() {
        return heartbeatsMissed;
    }

    SessionMeters sessions(boolean initiator) {
        return initiator ? initiated : accepted;
    }

    int kept() {
        return initiated.kept() + accepted.kept();
    }
}
