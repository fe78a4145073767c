package io.weir.test.network;

import io.weir.core.path.Ecn;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in one direction between two hosts. Every setter may be called at any time of a run; what is under way
 * already is not affected by it.
 *
 * <p>The figures are for packets. Datagrams meet them as they are. Stream links meet them as TCP does, which hides them
 * behind time:
 * <ul>
 *   <li>a lost packet is sent again after a retransmission time-out: a round trip and 200 ms, doubled with each further
 *       loss up to 120 s, or 1 s at first while connecting. All behind it wait for it. Nothing is repaired earlier;
 *   <li>a damaged packet betrays itself by its checksum and counts as lost; {@link #corruptionBeyondChecksum} is for
 *       damage that gets through;
 *   <li>duplicates and packets out of order are put right without a trace; the MTU only decides how bytes are cut;
 *   <li>nothing arrives during a black hole or across a partition. After 15 time-outs in vain, about 15 minutes, the
 *       sending end breaks, as a kernel would have it.
 * </ul>
 *
 * <p>Headers count: 40 bytes for each packet of a stream link, 28 for each datagram.
 */
public final class Faults {

    private final LongSupplier nowNanos;
    private LinkProfile profile;
    private double corruptionBeyondChecksum;
    private boolean cut;
    private @Nullable BlackHole blackHole;
    private long blackHoleSinceNanos;
    private boolean mtuIsKnown;
    private int markAbove = Integer.MAX_VALUE; // more than any queue holds
    private boolean clearsMarks;
    private @Nullable DatagramRule rule;
    private long judged;

    Faults(LinkProfile profile, LongSupplier nowNanos) {
        this.profile = profile;
        this.nowNanos = nowNanos;
    }

    /** The figures as they are now. */
    public LinkProfile profile() {
        return profile;
    }

    /** Replaces all figures of the profile at once. */
    public Faults profile(LinkProfile profile) {
        this.profile = Objects.requireNonNull(profile, "profile");
        return this;
    }

    /** {@link LinkProfile#latency()} from now on. */
    public Faults latency(Duration latency) {
        return profile(profile.withLatency(latency));
    }

    /** {@link LinkProfile#jitter()} from now on. */
    public Faults jitter(Duration jitter) {
        return profile(profile.withJitter(jitter));
    }

    /** {@link LinkProfile#bytesPerSecond()} from now on; 0 is no bound. */
    public Faults bytesPerSecond(long bytesPerSecond) {
        return profile(profile.withBytesPerSecond(bytesPerSecond));
    }

    /** {@link LinkProfile#loss()} from now on, 0 to 1. */
    public Faults loss(double loss) {
        return profile(profile.withLoss(loss));
    }

    /** {@link LinkProfile#burst()} from now on. */
    public Faults burst(BurstLoss burst) {
        return profile(profile.withBurst(burst));
    }

    /** {@link LinkProfile#corruption()} from now on, 0 to 1. */
    public Faults corruption(double corruption) {
        return profile(profile.withCorruption(corruption));
    }

    /** {@link LinkProfile#longestRun()} from now on, in packets. */
    public Faults longestRun(int packets) {
        return profile(profile.withLongestRun(packets));
    }

    /** {@link LinkProfile#duplication()} from now on, 0 to 1. */
    public Faults duplication(double duplication) {
        return profile(profile.withDuplication(duplication));
    }

    /** {@link LinkProfile#reordering()} from now on, 0 to 1. */
    public Faults reordering(double reordering) {
        return profile(profile.withReordering(reordering));
    }

    /** {@link LinkProfile#mtu()} from now on, in bytes with headers. */
    public Faults mtu(int mtu) {
        return profile(profile.withMtu(mtu));
    }

    /** {@link LinkProfile#queueLimit()} from now on, in packets. */
    public Faults queueLimit(int packets) {
        return profile(profile.withQueueLimit(packets));
    }

    /**
     * Probability that a packet of a stream link arrives with one bit flipped that its checksum does not betray; 0 to 1.
     */
    public Faults corruptionBeyondChecksum(double probability) {
        LinkProfile.requireProbability("corruptionBeyondChecksum", probability);
        corruptionBeyondChecksum = probability;
        return this;
    }

    /**
     * Whether the sending system knows the MTU and refuses larger datagrams, as it does for its own interface; at first not: they
     * are lost, as beyond the first router.
     */
    public Faults mtuIsKnown(boolean known) {
        mtuIsKnown = known;
        return this;
    }

    /**
     * Marks as CE each ECT datagram that finds more than so many packets in the bottleneck and its queue.
     *
     * @param packets 0 to {@link LinkProfile#queueLimit()}; from there on none is marked, as at first
     */
    public Faults markAbove(int packets) {
        if (packets < 0) {
            throw new IllegalArgumentException("packets is " + packets + ", must not be negative");
        }
        markAbove = packets;
        return this;
    }

    /** Whether all ECN marks are removed on the way, as some routers do; at first not. */
    public Faults clearMarks(boolean clear) {
        clearsMarks = clear;
        return this;
    }

    /** What decides the fate of datagrams from now on, before chance does; null ends that. */
    public Faults rule(@Nullable DatagramRule rule) {
        this.rule = rule;
        judged = 0;
        return this;
    }

    /** From now on the line is open and swallows everything by turns; null ends that. */
    public Faults blackHole(@Nullable BlackHole blackHole) {
        this.blackHole = blackHole;
        blackHoleSinceNanos = nowNanos.getAsLong();
        return this;
    }

    double corruptionBeyondChecksum() {
        return corruptionBeyondChecksum;
    }

    boolean mtuIsKnown() {
        return mtuIsKnown;
    }

    /** The mark of a datagram behind the bottleneck, in which it has found so many. */
    Ecn mark(Ecn mark, int queued) {
        if (clearsMarks) {
            return Ecn.NOT_ECT;
        }
        return mark != Ecn.NOT_ECT && queued > markAbove ? Ecn.CE : mark;
    }

    /** What the rule does to the next datagram. */
    DatagramFate judge(ByteBuffer payload) {
        return rule == null ? DatagramFate.PASSES : rule.judge(judged++, payload);
    }

    void cut(boolean cut) {
        this.cut = cut;
    }

    /** Why nothing passes at this moment, or null. */
    @Nullable
    String outage() {
        if (cut) {
            return "partition";
        }
        BlackHole hole = blackHole;
        return hole != null && hole.swallows(nowNanos.getAsLong() - blackHoleSinceNanos) ? "black hole" : null;
    }
}
