package io.weir.test.proxy;

import io.weir.test.network.BurstLoss;
import io.weir.test.network.LinkProfile;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The fates of the packets of one direction, one after the other. Each takes the same number of draws, whatever the profile
 * and the moment, so that the n-th depends on the seed and the profiles so far alone.
 */
final class Fates {

    private final SplittableRandom random;
    private long number;
    private boolean bad;
    private int lostInARow;
    private int damagedInARow;

    Fates(SplittableRandom random) {
        this.random = random;
    }

    /** How many there were. */
    long count() {
        return number;
    }

    Fate next(LinkProfile profile, double corruptionBeyondChecksum) {
        double change = random.nextDouble();
        double burst = random.nextDouble();
        double loss = random.nextDouble();
        double corruption = random.nextDouble();
        double beyond = random.nextDouble();
        double bit = random.nextDouble();
        double jitter = random.nextDouble();
        double duplication = random.nextDouble();
        double reordering = random.nextDouble();
        double held = random.nextDouble();
        double reorderingAgain = random.nextDouble();
        double heldAgain = random.nextDouble();
        String lost = lost(profile, change, burst, loss);
        return new Fate(
                ++number,
                lost,
                lost == null && damaged(profile, corruption),
                lost == null && beyond < corruptionBeyondChecksum,
                bit,
                jitter,
                duplication < profile.duplication(),
                reordering < profile.reordering() ? held : 0,
                reorderingAgain < profile.reordering() ? heldAgain : 0);
    }

    private @Nullable String lost(LinkProfile profile, double change, double burst, double loss) {
        BurstLoss bursts = profile.burst();
        bad = bad ? change >= bursts.leave() : change < bursts.enter();
        if (burst < (bad ? bursts.lossWhenBad() : bursts.lossWhenGood())) {
            return "burst";
        }
        boolean takes = loss < profile.loss() && !spared(profile, lostInARow);
        lostInARow = takes ? lostInARow + 1 : 0;
        return takes ? "loss" : null;
    }

    private boolean damaged(LinkProfile profile, double corruption) {
        boolean damages = corruption < profile.corruption() && !spared(profile, damagedInARow);
        damagedInARow = damages ? damagedInARow + 1 : 0;
        return damages;
    }

    private static boolean spared(LinkProfile profile, int inARow) {
        return profile.longestRun() > 0 && inARow >= profile.longestRun();
    }
}
