package io.weir.test.network;

import java.time.Duration;
import java.util.Objects;

/**
 * What one direction of a link is like. The figures are for packets; on a stream link, which is carried in packets as TCP
 * is, they show as the class doc of {@link Faults} says.
 *
 * @param latency one way, for each packet; from 0 to 1 h
 * @param jitter up to this much more for each packet, uniformly; from 0 to 1 h
 * @param bytesPerSecond rate of the bottleneck; 0 is without limit
 * @param loss probability that a packet is lost; 0 to 1
 * @param burst loss in bursts, beside {@code loss}
 * @param corruption probability that a packet's bits are damaged; 0 to 1
 * @param longestRun packets that {@code loss} may take one after the other, and that {@code corruption} may; the next
 *     one is spared. 0 is without limit
 * @param duplication probability that a packet arrives twice; 0 to 1
 * @param reordering probability that a packet is overtaken by those behind it; 0 to 1
 * @param mtu largest packet in bytes, headers included; 576 to 65,535
 * @param queueLimit packets that may wait for the bottleneck; those beyond are lost. 1 to 1,000,000
 */
public record LinkProfile(
        Duration latency,
        Duration jitter,
        long bytesPerSecond,
        double loss,
        BurstLoss burst,
        double corruption,
        int longestRun,
        double duplication,
        double reordering,
        int mtu,
        int queueLimit) {

    private static final int LEAST_MTU = 576;
    private static final int MOST_MTU = 65_535;
    private static final int MOST_QUEUED = 1_000_000;
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Takes no time and loses nothing. */
    public static final LinkProfile PERFECT =
            new LinkProfile(Duration.ZERO, Duration.ZERO, 0, 0, BurstLoss.NONE, 0, 0, 0, 0, 1_500, 1_000);

    /** 5 ms and 0.1 % of loss. */
    public static final LinkProfile WIFI =
            PERFECT.withLatency(Duration.ofMillis(5)).withLoss(0.001);

    /** 25 ms and 0.5 % of loss. */
    public static final LinkProfile G4 =
            PERFECT.withLatency(Duration.ofMillis(25)).withLoss(0.005);

    /** 100 ms, 2 % of loss and 2 Mbit/s. */
    public static final LinkProfile G3 =
            PERFECT.withLatency(Duration.ofMillis(100)).withLoss(0.02).withBytesPerSecond(250_000);

    public LinkProfile {
        requireTime("latency", latency);
        requireTime("jitter", jitter);
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException("bytesPerSecond is " + bytesPerSecond + ", must not be negative");
        }
        requireProbability("loss", loss);
        if (longestRun < 0) {
            throw new IllegalArgumentException("longestRun is " + longestRun + ", must not be negative");
        }
        Objects.requireNonNull(burst, "burst");
        requireProbability("corruption", corruption);
        requireProbability("duplication", duplication);
        requireProbability("reordering", reordering);
        if (mtu < LEAST_MTU || mtu > MOST_MTU) {
            throw new IllegalArgumentException("mtu is " + mtu + ", must be from " + LEAST_MTU + " to " + MOST_MTU);
        }
        if (queueLimit < 1 || queueLimit > MOST_QUEUED) {
            throw new IllegalArgumentException("queueLimit is " + queueLimit + ", must be from 1 to " + MOST_QUEUED);
        }
    }

    public LinkProfile withLatency(Duration latency) {
        Draft draft = new Draft(this);
        draft.latency = latency;
        return draft.profile();
    }

    public LinkProfile withJitter(Duration jitter) {
        Draft draft = new Draft(this);
        draft.jitter = jitter;
        return draft.profile();
    }

    public LinkProfile withBytesPerSecond(long bytesPerSecond) {
        Draft draft = new Draft(this);
        draft.bytesPerSecond = bytesPerSecond;
        return draft.profile();
    }

    public LinkProfile withLoss(double loss) {
        Draft draft = new Draft(this);
        draft.loss = loss;
        return draft.profile();
    }

    public LinkProfile withLongestRun(int longestRun) {
        Draft draft = new Draft(this);
        draft.longestRun = longestRun;
        return draft.profile();
    }

    public LinkProfile withBurst(BurstLoss burst) {
        Draft draft = new Draft(this);
        draft.burst = burst;
        return draft.profile();
    }

    public LinkProfile withCorruption(double corruption) {
        Draft draft = new Draft(this);
        draft.corruption = corruption;
        return draft.profile();
    }

    public LinkProfile withDuplication(double duplication) {
        Draft draft = new Draft(this);
        draft.duplication = duplication;
        return draft.profile();
    }

    public LinkProfile withReordering(double reordering) {
        Draft draft = new Draft(this);
        draft.reordering = reordering;
        return draft.profile();
    }

    public LinkProfile withMtu(int mtu) {
        Draft draft = new Draft(this);
        draft.mtu = mtu;
        return draft.profile();
    }

    public LinkProfile withQueueLimit(int queueLimit) {
        Draft draft = new Draft(this);
        draft.queueLimit = queueLimit;
        return draft.profile();
    }

    static void requireProbability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from 0 to 1");
        }
    }

    static void requireTime(String name, Duration value) {
        if (Objects.requireNonNull(value, name).isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from 0 to " + LONGEST);
        }
    }

    /** A profile while it is changed. */
    private static final class Draft {
        private Duration latency;
        private Duration jitter;
        private long bytesPerSecond;
        private double loss;
        private int longestRun;
        private BurstLoss burst;
        private double corruption;
        private double duplication;
        private double reordering;
        private int mtu;
        private int queueLimit;

        Draft(LinkProfile from) {
            latency = from.latency;
            jitter = from.jitter;
            bytesPerSecond = from.bytesPerSecond;
            loss = from.loss;
            longestRun = from.longestRun;
            burst = from.burst;
            corruption = from.corruption;
            duplication = from.duplication;
            reordering = from.reordering;
            mtu = from.mtu;
            queueLimit = from.queueLimit;
        }

        LinkProfile profile() {
            return new LinkProfile(
                    latency,
                    jitter,
                    bytesPerSecond,
                    loss,
                    burst,
                    corruption,
                    longestRun,
                    duplication,
                    reordering,
                    mtu,
                    queueLimit);
        }
    }
}
