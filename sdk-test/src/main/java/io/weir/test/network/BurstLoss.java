package io.weir.test.network;

/**
 * Loss in bursts, after Gilbert and Elliott: a line is good or bad, changes from one to the other by chance with each
 * packet, and loses packets at another rate in each. A burst lasts {@code 1 / leave} packets on average, and
 * {@code enter / (enter + leave)} of all packets meet the bad state.
 *
 * @param enter probability, for each packet, that a good line turns bad; 0 to 1
 * @param leave probability, for each packet, that a bad line turns good; above 0, up to 1
 * @param lossWhenGood probability that a packet is lost while the line is good; 0 to 1
 * @param lossWhenBad the same while it is bad; 0 to 1
 */
public record BurstLoss(double enter, double leave, double lossWhenGood, double lossWhenBad) {

    /** A line that is never bad. */
    public static final BurstLoss NONE = new BurstLoss(0, 1, 0, 1);

    public BurstLoss {
        LinkProfile.requireProbability("enter", enter);
        LinkProfile.requireProbability("leave", leave);
        LinkProfile.requireProbability("lossWhenGood", lossWhenGood);
        LinkProfile.requireProbability("lossWhenBad", lossWhenBad);
        if (leave == 0) {
            throw new IllegalArgumentException("leave is 0.0, must be above 0: a bad line must be able to recover");
        }
    }

    /** Bursts that begin at that rate and last that many packets on average, all of which are lost; none between. */
    public static BurstLoss of(double enter, double meanPackets) {
        if (!(meanPackets >= 1)) {
            throw new IllegalArgumentException("meanPackets is " + meanPackets + ", must be at least 1");
        }
        return new BurstLoss(enter, 1 / meanPackets, 0, 1);
    }

    /** The share of packets that is lost in the long run. */
    public double meanLoss() {
        double bad = enter / (enter + leave);
        return bad * lossWhenBad + (1 - bad) * lossWhenGood;
    }
}
