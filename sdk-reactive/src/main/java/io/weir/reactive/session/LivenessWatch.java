package io.weir.reactive.session;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.Liveness;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Hello;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.session.loop.SessionClock;
import io.weir.reactive.session.loop.SessionContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Shows the peer that this side lives, notices when the peer does not, and measures the round trip on the way. Loop-confined
 * but for {@link #rttNanos} and {@link #lastHeardNanos}.
 */
final class LivenessWatch {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** What a session does when its peer was looked after. */
    interface Owner {
        /** Nothing was heard for too long. */
        void onSilent(CloseReason reason);

        /** A PONG has come that answers no PING of the session. */
        void onForeignPong(long token);

        /** A moment to tell the observer what the path is like. */
        void tellPath();

        /** A moment to give up memory that nothing under way needs. */
        void trim();
    }

    private final SessionContext session;
    private final SessionClock clock;
    private final SessionControl control;
    private final Owner owner;
    private final Liveness liveness;
    private final RoundTrips roundTrips;
    private Disposable deadline;
    private final long beatNanos; // in which the peer beats, if it has nothing else to say
    private int missedBeats; // since it was last heard

    /** Written on the loop only, for each record: whoever reads it elsewhere may see it a little later. */
    private volatile long lastHeardNanos;

    private static final AtomicLongFieldUpdater<LivenessWatch> LAST_HEARD =
            AtomicLongFieldUpdater.newUpdater(LivenessWatch.class, "lastHeardNanos");

    /** @param rttNanos the round trip that the handshake took */
    LivenessWatch(SessionContext session, SessionClock clock, SessionControl control, long rttNanos, Owner owner) {
        this.session = session;
        this.clock = clock;
        this.control = control;
        this.owner = owner;
        long now = clock.tickNanos();
        lastHeardNanos = now;
        long ownLimitNanos = session.limits().silenceLimit().toNanos();
        liveness = new Liveness(ownLimitNanos, Hello.defaults().silenceLimitMillis() * NANOS_PER_MILLI, now);
        roundTrips = new RoundTrips(rttNanos, ownLimitNanos, now);
        beatNanos = Math.max(1, ownLimitNanos / Liveness.BEATS_PER_LIMIT);
        deadline = session.timers().at(liveness.deadlineNanos(), this::check);
    }

    /** The peer has told how long it bears silence. */
    void onPeerLimit(long millis) {
        long nanos = millis > Long.MAX_VALUE / NANOS_PER_MILLI ? Long.MAX_VALUE : millis * NANOS_PER_MILLI;
        liveness.onPeerLimit(nanos, clock.tickNanos());
        roundTrips.onPeerLimit(nanos);
        watch(liveness.deadlineNanos());
    }

    /** An authentic record has come. */
    void onHeard() {
        countMissedBeats(clock.tickNanos());
        missedBeats = 0;
        LAST_HEARD.lazySet(this, clock.tickNanos());
        liveness.onReceived(clock.tickNanos());
    }

    /** A record goes out. */
    void onSent() {
        liveness.onSent(clock.tickNanos());
    }

    void onPing(long token) {
        control.pong(token);
        if (control.helloSaid()) {
            session.wake();
        }
    }

    void onPong(long token) {
        long sample = roundTrips.onPong(token, clock.tickNanos());
        if (sample == 0) {
            owner.onForeignPong(token);
            return;
        }
        NodeObserver observer = session.observer();
        if (observer != null) {
            observer.onRoundTrip(session.peerSession(), sample);
            owner.tellPath();
        }
    }

    /** Writes a PING that was asked for. */
    void write(FrameWriter record) {
        roundTrips.write(record, clock.tickNanos());
    }

    /** A record of streams or messages is filled, and may take a PING along. */
    void writeOnTraffic(FrameWriter record) {
        if (roundTrips.dueOnTraffic(clock.tickNanos())) {
            roundTrips.ask();
            write(record);
        }
    }

    /** Streams or messages have written to a lane of their own, where no PING belongs. */
    void onTraffic() {
        if (roundTrips.dueOnTraffic(clock.tickNanos())) {
            ask();
        }
    }

    /** Measures once, with the next record. */
    void ask() {
        roundTrips.ask();
        session.wake();
    }

    /** The next sample. */
    Mono<Duration> next() {
        Mono<Duration> sample = roundTrips.next();
        session.wake();
        return sample;
    }

    /** The round trip, smoothed. Any thread. */
    long rttNanos() {
        return roundTrips.smoothedNanos();
    }

    /** When something authentic came last, by the loop's clock. Any thread. */
    long lastHeardNanos() {
        return lastHeardNanos;
    }

    /** How long nothing has been heard. */
    Duration silence() {
        return Duration.ofNanos(session.nowNanos() - lastHeardNanos);
    }

    void onSessionEnd(CloseReason reason) {
        roundTrips.close(reason, session.toString());
    }

    private void check() {
        long now = clock.tick();
        countMissedBeats(now);
        switch (liveness.poll(now)) {
            case NOTHING -> {}
            case BEAT -> {
                if (control.helloSaid()) {
                    beat(now);
                }
            }
            case DRAIN -> {
                // let the loop read what waits below, then judge
                watch(now + NANOS_PER_MILLI);
                return;
            }
            case SILENT -> {
                long millis = (now - lastHeardNanos) / NANOS_PER_MILLI;
                owner.onSilent(CloseReason.local(ErrorCode.SILENCE, "nothing was heard for " + millis + " ms"));
                return;
            }
        }
        owner.trim();
        watch(liveness.deadlineNanos());
    }

    /** Each beat of the peer that should have come since it was last heard, with half of the time between two for its way. */
    private void countMissedBeats(long now) {
        NodeObserver observer = session.observer();
        if (observer != null) {
            int due = (int) Math.max(0, (now - lastHeardNanos - beatNanos / 2) / beatNanos);
            if (due > missedBeats) {
                observer.onHeartbeatsMissed(session.peerSession(), due - missedBeats);
                missedBeats = due;
                owner.tellPath();
            }
        }
    }

    /** A PING says as much as a HEARTBEAT, and measures; before both sides agree there is none. */
    private void beat(long now) {
        if (session.isOpen() && roundTrips.dueOnBeat(now)) {
            roundTrips.ask();
        } else {
            control.heartbeat();
        }
        session.wake();
    }

    private void watch(long atNanos) {
        deadline.dispose();
        deadline = session.timers().at(atNanos, this::check);
    }
}
