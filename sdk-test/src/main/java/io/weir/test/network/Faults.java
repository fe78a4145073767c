package io.weir.test.network;

import java.time.Duration;
import java.util.Objects;

/**
 * What goes wrong in one direction between two hosts. Every setter may be called at any time; what is under way already is
 * not affected by it.
 */
public final class Faults {

    private LinkProfile profile;
    private double corruptionBeyondChecksum;

    Faults(LinkProfile profile) {
        this.profile = profile;
    }

    public LinkProfile profile() {
        return profile;
    }

    /** Replaces all figures of the profile at once. */
    public Faults profile(LinkProfile profile) {
        this.profile = Objects.requireNonNull(profile, "profile");
        return this;
    }

    public Faults latency(Duration latency) {
        return profile(profile.withLatency(latency));
    }

    public Faults jitter(Duration jitter) {
        return profile(profile.withJitter(jitter));
    }

    public Faults bytesPerSecond(long bytesPerSecond) {
        return profile(profile.withBytesPerSecond(bytesPerSecond));
    }

    public Faults loss(double loss) {
        return profile(profile.withLoss(loss));
    }

    public Faults longestLoss(int packets) {
        return profile(profile.withLongestLoss(packets));
    }

    public Faults burst(BurstLoss burst) {
        return profile(profile.withBurst(burst));
    }

    public Faults corruption(double corruption) {
        return profile(profile.withCorruption(corruption));
    }

    public Faults duplication(double duplication) {
        return profile(profile.withDuplication(duplication));
    }

    public Faults reordering(double reordering) {
        return profile(profile.withReordering(reordering));
    }

    public Faults mtu(int mtu) {
        return profile(profile.withMtu(mtu));
    }

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

    double corruptionBeyondChecksum() {
        return corruptionBeyondChecksum;
    }
}
