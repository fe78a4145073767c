package io.weir.test.simulation;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.stream.Reliability;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import io.weir.test.oracle.CreditOracle;
import io.weir.test.oracle.Delivery;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One direction of one life of a stream, and the naive model of it: what both its users have done, and what each of them
 * may therefore see.
 */
final class Flow {

    /** A sending half asks its publisher for at most so many elements ahead. */
    static final int MOST_REQUESTED = 256;

    /** What somebody did that ends it. */
    enum Cause {
        COMPLETED,
        FAILED,
        SEND_CANCELLED,
        RECEIVE_CANCELLED,
        /** By {@code close()} of a stream that drains. */
        SENDER_CLOSED,
        RECEIVER_CLOSED,
        RESET,
        /** The opener has opened the id anew. */
        REOPENED,
        SESSION_ENDED
    }

    /** Those that end both halves as soon as both sides know. */
    private static final Set<Cause> AT_ONCE = EnumSet.of(
            Cause.SEND_CANCELLED, Cause.RECEIVE_CANCELLED, Cause.RECEIVER_CLOSED, Cause.RESET, Cause.REOPENED);

    private final String name;
    private final Consumer<String> violations;
    private final Reliability reliability;
    private final boolean mayLose;
    private final Delivery<byte[]> delivery;
    private final CreditOracle credit;
    private final Set<Cause> causes = EnumSet.noneOf(Cause.class);

    private @Nullable PeerStream from;
    private @Nullable PeerStream to;
    private @Nullable Source source;
    private @Nullable Probe<Void> sent;
    private @Nullable Probe<byte[]> received;

    /** @param lossy whether what is fire-and-forget may be lost on the way */
    Flow(
            String name,
            Reliability reliability,
            long initialWindow,
            StreamConfig receiver,
            boolean lossy,
            Consumer<String> violations) {
        this.name = name;
        this.mayLose = lossy && reliability == Reliability.FIRE_AND_FORGET;
        this.reliability = reliability;
        this.violations = violations;
        this.delivery = Delivery.of(name, reliability);
        this.credit = new CreditOracle(name, initialWindow, receiver);
    }

    // ---- what its users do

    void sendFrom(PeerStream stream) {
        from = stream;
        if (source == null) {
            source = new Source(this);
            sent = new Probe<>(this, "send");
            stream.send(source, Codec.bytes()).subscribe(sent);
        }
    }

    void receiveAt(PeerStream stream) {
        to = stream;
        if (received == null) {
            received = new Probe<>(this, "receive");
            stream.receive(Codec.bytes()).subscribe(received);
        }
    }

    void produce(int count, int size) {
        if (source != null) {
            source.produce(count, size);
        }
    }

    void complete() {
        if (source != null && !source.failed()) {
            causes.add(Cause.COMPLETED);
            source.complete();
        }
    }

    void fail() {
        // whom nobody wants any more nobody hears fail
        if (source != null && !source.completed() && !source.isCancelled()) {
            causes.add(Cause.FAILED);
            source.fail();
        }
    }

    void request(long n) {
        if (received != null) {
            received.request(n);
        }
    }

    void cancelSend() {
        if (sent != null && !sent.over()) {
            causes.add(Cause.SEND_CANCELLED);
            sent.cancel();
        }
    }

    void cancelReceive() {
        if (received != null && !received.over()) {
            causes.add(Cause.RECEIVE_CANCELLED);
            received.cancel();
        }
    }

    void because(Cause cause) {
        causes.add(cause);
    }

    // ---- what its users see

    void onTaken(byte[] element) {
        delivery.sent(element);
        credit.taken(element.length);
    }

    void onReceived(byte[] element) {
        told(() -> delivery.received(element));
        credit.consumed(element.length);
    }

    void require(boolean legal, String rule) {
        if (!legal) {
            violations.accept(rule + ": " + this);
        }
    }

    boolean sendHasFailed() {
        return sent != null && sent.error() != null;
    }

    boolean sendHasCompleted() {
        return sent != null && sent.completed();
    }

    boolean receiveHasFailed() {
        return received != null && received.error() != null;
    }

    boolean isLive() {
        boolean ending = causes.equals(EnumSet.of(Cause.COMPLETED)) || hasJustFailed();
        return causes.isEmpty() || ending && !isDone();
    }

    /** The publisher has failed, and nobody has done anything else: its error goes behind what it had emitted. */
    private boolean hasJustFailed() {
        return causes.equals(EnumSet.of(Cause.FAILED));
    }

    /** Everything has been received and consumed, and all users know. */
    boolean isDone() {
        return sent != null && sent.over() && received != null && received.over();
    }

    boolean needsTime() {
        return received != null && !received.over() || sent != null && !sent.over();
    }

    // ---- what the model says

    /** Where nothing is under way: what must have happened by now, and nothing else. */
    void checkSettled() {
        if (sent != null) {
            sent.settled();
        }
        if (received != null) {
            received.settled();
        }
        checkEnds();
        boolean well = causes.isEmpty() || causes.equals(EnumSet.of(Cause.COMPLETED));
        if (well) {
            checkProgress();
        }
        if (!mayLose && causes.isEmpty() && from != null && to != null && source != null && received != null) {
            told(() -> credit.checkSettled(from.stats(), to.stats()));
        }
        if (hasJustFailed()) {
            checkErrorFollows();
        }
        boolean sessionLives = !causes.contains(Cause.SESSION_ENDED);
        boolean failed = causes.contains(Cause.FAILED);
        if (!sessionLives || failed || causes.stream().anyMatch(AT_ONCE::contains)) {
            require(sent == null || sent.over(), "send has ended");
            require(source == null || source.isOver(), "the publisher was cancelled, or is done");
        }
        // what was sent whole before its error is not taken back
        boolean sentWhole = failed && reliability == Reliability.FIRE_AND_FORGET;
        if (sessionLives && !sentWhole && causes.stream().anyMatch(AT_ONCE::contains)) {
            require(received == null || received.over(), "receive has ended");
        }
    }

    /** Nobody has broken anything off: as much as both want has come through. */
    private void checkProgress() {
        long total = source == null ? 0 : source.total();
        long wanted = received == null ? 0 : received.requested();
        long got = received == null ? 0 : received.received();
        long most = Math.min(total, wanted);
        require(mayLose ? got <= most : got == most, "what was produced and asked for has arrived");
        boolean all = causes.contains(Cause.COMPLETED) && (mayLose ? wanted >= total : got == total);
        if (received != null) {
            boolean early = mayLose && wanted < total; // less may have come
            require(early || received.completed() == all, "receive completes when everything has arrived");
        }
        if (sent != null && received != null) {
            require(!all || sent.completed(), "send completes when everything has arrived");
        }
    }

    /** As much as the peer wants of what was emitted before the error has come through, then the error. */
    private void checkErrorFollows() {
        Probe<byte[]> r = received;
        if (source == null || r == null) {
            return;
        }
        if (r.error() instanceof StreamReset reset && reset.reason().error() == ErrorCode.DRAIN_TIMEOUT) {
            return;
        }
        long total = source.total();
        if (mayLose) {
            require(r.error() != null || r.requested() < total, "receive fails behind all that has come");
            return;
        }
        require(r.received() == Math.min(total, r.requested()), "what was emitted and asked for has arrived");
        require((r.error() != null) == (r.received() == total), "receive fails when everything has arrived");
    }

    /** No end that nobody caused. */
    private void checkEnds() {
        boolean brokenOff = !causes.isEmpty() && !causes.equals(EnumSet.of(Cause.COMPLETED));
        boolean sessionEnded = causes.contains(Cause.SESSION_ENDED);
        Probe<Void> s = sent;
        if (s != null) {
            require(s.error() == null || brokenOff, "send has no reason to fail");
            require(!s.completed() || causes.contains(Cause.COMPLETED), "send has no reason to complete");
            require(
                    !s.completed()
                            || reliability == Reliability.FIRE_AND_FORGET
                            || delivery.received() == delivery.sent() && delivery.sent() == source.total(),
                    "send completes when everything has arrived");
            require(
                    s.error() == null
                            || s.error() instanceof StreamStopped
                            || s.error() instanceof StreamReset
                            || causes.contains(Cause.FAILED) && s.error() instanceof IllegalStateException
                            || sessionEnded && s.error() instanceof SessionClosedException,
                    "send fails with what happened");
        }
        Probe<byte[]> r = received;
        if (r != null) {
            require(r.error() == null || brokenOff, "receive has no reason to fail");
            require(
                    !r.completed() || causes.contains(Cause.COMPLETED) || causes.contains(Cause.SENDER_CLOSED),
                    "receive has no reason to complete");
            require(
                    !r.completed()
                            || causes.contains(Cause.SENDER_CLOSED)
                            || mayLose
                            || source != null && r.received() == source.total(),
                    "receive completes when everything has arrived");
            require(
                    r.error() == null
                            || r.error() instanceof StreamReset
                            || sessionEnded && r.error() instanceof SessionClosedException,
                    "receive fails with what happened");
        }
    }

    /** At any moment. */
    void check() {
        checkEnds();
        boolean well = causes.isEmpty() || causes.equals(EnumSet.of(Cause.COMPLETED)) && !isDone();
        if (well && !mayLose && from != null && to != null) { // what was lost counts as consumed, and no user sees it
            told(() -> credit.check(from.stats(), to.stats()));
        }
    }

    /** What an oracle finds is one violation of several, of which another may say why. */
    private void told(Runnable check) {
        try {
            check.run();
        } catch (AssertionError e) {
            violations.accept(String.valueOf(e.getMessage()));
        }
    }

    /** Nobody waits for anything. */
    boolean isOver() {
        return !needsTime();
    }

    /** After everything was ended and given time to. */
    void checkOver() {
        checkSettled();
        require(sent == null || sent.over(), "send has ended");
        require(received == null || received.over(), "receive has ended");
    }

    @Override
    public String toString() {
        return name + " " + reliability + " " + causes + ": " + sent + " of "
                + (source == null ? "nobody" : source.emitted() + " of " + source.total()) + ", " + received + ", "
                + delivery;
    }
}
