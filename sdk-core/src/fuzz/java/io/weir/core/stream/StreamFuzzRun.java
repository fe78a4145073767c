package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.fuzz.ScriptRun;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.StreamFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Streams, their application and a peer that sends any frames at all. */
abstract class StreamFuzzRun extends ScriptRun {

    static final int MAX_STREAMS = 8;

    private static final int MAX_UNCLAIMED = 2;
    private static final int MAX_OWN = 4;

    /** What both sorts of streams are fuzzed with. */
    static final StreamSettings SETTINGS = new StreamSettings(256, MAX_STREAMS, 4_096, MAX_UNCLAIMED, MAX_OWN);

    final Side side;

    StreamFuzzRun(StreamSettings settings) {
        side = new Side("A", settings, 1 << 16, SidePair.record(512));
        side.table.ownHello(Hello.defaults());
        side.table.onPeerHello(Hello.defaults().withInitialWindow(256).withFeatures(Hello.APPLICATION_ERRORS));
    }

    // ---- what differs

    @Nullable
    ErrorCode open(StreamFrame.Open open) {
        return side.receive(open);
    }

    @Nullable
    ErrorCode datagrams(StreamFrame.Datagrams frame) {
        return side.receive(frame);
    }

    /** Everything that is due is said. */
    abstract void sayAll();

    @Override
    protected void check(@Nullable ErrorCode violation) {
        side.sent.clear();
        side.now += 1_000_000;
        side.expect(side.budget.reserved() <= side.budget.maxBytes(), "budget exceeded");
        side.expect(side.table.peerOpens() <= MAX_STREAMS, "streams of the peer: " + side.table.peerOpens());
        side.expect(side.table.unclaimedStreams() <= MAX_UNCLAIMED, "unclaimed: " + side.table.unclaimedStreams());
        side.expect(side.table.liveStreams() <= MAX_STREAMS + MAX_OWN, "live: " + side.table.liveStreams());
    }

    // ---- what is the same

    @Override
    protected final @Nullable ErrorCode frame(Frame frame) {
        return switch (frame.type()) {
            case OPEN -> open((StreamFrame.Open) frame);
            case WINDOW -> ofStreams(((CreditFrame.Window) frame).handle()) ? side.receive(frame) : null;
            case BLOCKED -> ofStreams(((CreditFrame.Blocked) frame).handle()) ? side.receive(frame) : null;
            case CLOSE, RESET, STOP, GOAWAY -> side.receive(frame);
            case DATAGRAMS -> datagrams((StreamFrame.Datagrams) frame);
            default -> null;
        };
    }

    private static boolean ofStreams(long handle) {
        return handle == 0 || handle >= Frame.FIRST_HANDLE;
    }

    /** Accepts or refuses the next stream of the peer that waits for it. */
    final void claim(int which) {
        if (!side.waiting.isEmpty()) {
            StreamEpoch epoch = side.waiting.remove();
            if ((which & 1) == 0) {
                side.accept(epoch);
            } else {
                side.table.refuse(epoch, ErrorCode.REFUSED);
            }
        }
    }

    /** One of the streams that were begun, by number; null if there is none. */
    final @Nullable Probe probe(int which) {
        return side.probes.isEmpty() ? null : side.probes.get(which % side.probes.size());
    }

    /** Every stream is given up; then the session gives all memory back. */
    @Override
    protected final void close() {
        side.policy = Side.Policy.REFUSE;
        for (Probe probe : List.copyOf(side.probes)) {
            probe.epoch().evict(ErrorCode.STREAM_CLOSED);
        }
        sayAll();
        side.table.onSessionClosed();
        side.waiting.forEach(unclaimed -> unclaimed.receiving().stop(ErrorCode.CANCELLED));
        for (Probe probe : side.probes) {
            while (side.consume(probe)) {
                // what was queued keeps its memory until it is taken
            }
        }
        side.expect(side.budget.reserved() == 0, "not given back: " + side.budget.reserved());
        side.expect(side.payloadBytes == 0, "payload memory not given back: " + side.payloadBytes);
    }
}
