package io.weir.reactive.session.packet;

import io.weir.core.datagram.PacketSealer;
import io.weir.core.path.Path;
import io.weir.core.path.PathChallenge;
import io.weir.core.path.PathValidation;
import io.weir.core.reliability.ProbeTimeout;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.reactive.transport.LaneMerge;
import org.jspecify.annotations.Nullable;

/**
 * Says which packet goes out next, and fills it. The first of these for which there is reason:
 *
 * <pre>
 *   probe on a time-out   frames of the lanes, else HEARTBEAT   whatever window and pace say
 *   PING to an address that is not proved, PADDING              as that has it
 *   probe of the MTU      HEARTBEAT, PADDING                    within the window
 *   frames of the lanes   FEEDBACK in front if it is due        within window and pace
 *   FEEDBACK alone                                              whatever window and pace say
 * </pre>
 *
 * Probes have a HEARTBEAT and no PING: both are acknowledged, and a PING would be answered besides. Loop-confined.
 */
final class PacketFiller {

    /** A packet that lacks no more than this part of its size is filled up, if others can go with it then. */
    private static final int WORTH_FILLING_UP = 8;

    private final LaneMerge lanes;
    private final PathWatch watch;
    private final PathValidation validation;
    private final boolean filledUp;
    /** Of what nothing waits for: all of them are this one, as nothing is looked up in it. */
    private final Packet quiet = new Packet();

    private boolean woken;
    private boolean agreed;
    private boolean hasSpoken;
    private boolean silenced;
    private int allowanceBytes;
    private int probes;
    private @Nullable Feedback feedback;
    private boolean endFilled;
    private boolean endOwed;

    /** @param filledUp whether packets of one size go out together */
    PacketFiller(LaneMerge lanes, PathWatch watch, PathValidation validation, boolean filledUp) {
        this.lanes = lanes;
        this.watch = watch;
        this.validation = validation;
        this.filledUp = filledUp;
    }

    // ---- what there is reason for

    /** There may be something in the lanes. */
    void wake() {
        woken = !silenced;
    }

    /** Whether there may be something in the lanes. */
    boolean isWoken() {
        return woken;
    }

    /** So much has come, and is to be told. Each tells all that those before have told. */
    void tell(Feedback due) {
        feedback = due;
    }

    /** A probe time-out has passed. */
    void oweProbes() {
        probes = silenced ? 0 : ProbeTimeout.PROBES;
    }

    /** A packet with END is lost. */
    void oweEnd() {
        endOwed = true;
    }

    /** Both sides know each other: larger datagrams may be tried. */
    void agree() {
        agreed = true;
    }

    /** The lanes are asked no more; what is due of FEEDBACK still goes. */
    void silence() {
        silenced = true;
        lanes.close();
        woken = false;
        probes = 0;
        agreed = false;
    }

    /** The sendable bytes of a moment that is past are asked for anew. */
    void begin() {
        allowanceBytes = 0;
    }

    /** When there is reason again, if nothing else happens; {@link Long#MAX_VALUE} if never. */
    long readyNanos(long nowNanos) {
        long challenge = validation.deadlineNanos();
        long lanesReady = woken ? watch.path().readyNanos(nowNanos) : Long.MAX_VALUE;
        if (challenge == Long.MAX_VALUE || lanesReady == Long.MAX_VALUE) {
            return Math.min(challenge, lanesReady);
        }
        return challenge - lanesReady < 0 ? challenge : lanesReady;
    }

    // ---- filling

    /**
     * The next packet, whose frames lie in {@code out}; null if there is none.
     *
     * @param ample whether there is demand for more than what must go
     */
    @Nullable
    Packet next(FrameWriter out, boolean ample, long nowNanos) {
        if (probes > 0) {
            probes--;
            return probe(out);
        }
        PathChallenge challenge = validation.poll(nowNanos);
        if (challenge != null) {
            return challenge(out, challenge);
        }
        // in front of HELLO, with which the lanes begin, a probe would be dropped by the peer
        int probeBytes = agreed && hasSpoken ? watch.path().mtuProbeDue(nowNanos) : 0;
        if (probeBytes > 0) {
            return mtuProbe(out, probeBytes);
        }
        if (woken && ample && mayGo(nowNanos)) {
            Packet packet = fromLanes(out);
            if (packet != null) {
                return packet;
            }
        }
        return feedback == null ? null : feedbackAlone(out);
    }

    private boolean mayGo(long nowNanos) {
        Path path = watch.path();
        if (allowanceBytes < path.datagramBytes()) {
            allowanceBytes = path.sendableBytes(nowNanos);
        }
        return allowanceBytes > 0;
    }

    /** Null if the lanes have nothing to say: then FEEDBACK that is due is due still. */
    private @Nullable Packet fromLanes(FrameWriter out) {
        int size = watch.path().datagramBytes();
        Packet packet = watch.take();
        Packet filled = fill(packet, out, size);
        if (filled == null) {
            watch.giveBack(packet);
            return null;
        }
        allowanceBytes -= packet.bytes();
        return packet;
    }

    private @Nullable Packet fill(Packet packet, FrameWriter out, int size) {
        out.reset(packet.ledger(), size - PacketSealer.OVERHEAD);
        Feedback told = feedback;
        if (told != null) {
            out.write(told);
            out.markFront();
        }
        int front = out.position();
        boolean finishedBefore = lanes.isFinished();
        woken = false;
        lanes.fill(out);
        if (silenced) {
            return null;
        }
        if (out.position() == front) {
            woken |= front > 0; // it may be that something has no room behind FEEDBACK
            return null;
        }
        woken = true;
        hasSpoken = true;
        feedback = null;
        boolean end = lanes.isFinished() && (!finishedBefore || endOwed);
        if (end) {
            endFilled = true;
            endOwed = false;
        }
        if (filledUp && out.remaining() <= size / WORTH_FILLING_UP) {
            out.padTo(out.position() + out.remaining());
        }
        packet.set(Packet.Kind.FRAMES, out, validation.proven(), end);
        return packet;
    }

    private Packet probe(FrameWriter out) {
        Packet packet = watch.take();
        int size = Math.min(Path.LOSS_PROBE_BYTES, watch.path().datagramBytes());
        if (fill(packet, out, size) == null) {
            packet.clear();
            out.reset(packet.ledger(), size - PacketSealer.OVERHEAD);
            writeFeedback(out);
            out.heartbeat();
            packet.set(Packet.Kind.FRAMES, out, validation.proven(), false);
        }
        return packet;
    }

    private Packet mtuProbe(FrameWriter out, int datagramBytes) {
        Packet packet = watch.take();
        out.reset(packet.ledger(), datagramBytes - PacketSealer.OVERHEAD);
        out.heartbeat();
        out.padTo(datagramBytes - PacketSealer.OVERHEAD);
        packet.set(Packet.Kind.MTU_PROBE, out, validation.proven(), false);
        return packet;
    }

    private Packet challenge(FrameWriter out, PathChallenge challenge) {
        quiet.clear();
        out.reset();
        out.ping(challenge.token());
        out.padTo(Math.max(out.position(), challenge.datagramBytes() - PacketSealer.OVERHEAD));
        quiet.set(Packet.Kind.QUIET, out, challenge.to(), false);
        validation.onSent(quiet.bytes());
        return quiet;
    }

    private Packet feedbackAlone(FrameWriter out) {
        quiet.clear();
        out.reset();
        writeFeedback(out);
        quiet.set(Packet.Kind.QUIET, out, validation.proven(), false);
        return quiet;
    }

    private void writeFeedback(FrameWriter out) {
        Feedback told = feedback;
        if (told != null) {
            out.write(told);
            feedback = null;
        }
    }

    /** Once: END was filled in since this was asked last. */
    boolean pollEnd() {
        boolean filled = endFilled;
        endFilled = false;
        return filled;
    }
}
