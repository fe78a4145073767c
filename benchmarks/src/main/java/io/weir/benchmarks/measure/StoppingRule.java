package io.weir.benchmarks.measure;

import java.util.Collection;

/**
 * When there have been enough rounds.
 *
 * @param minRounds there are never fewer, 1 and above
 * @param maxRounds there are never more, at least {@code minRounds}
 * @param spread greatest spread of a ratio that is not noisy, as a share of the ratio, above 0
 */
public record StoppingRule(int minRounds, int maxRounds, double spread) {
    public StoppingRule {
        if (minRounds < 1 || maxRounds < minRounds) {
            throw new IllegalArgumentException(
                    "rounds = " + minRounds + " to " + maxRounds + ", legal: 1 and above, in order");
        }
        if (!(spread > 0)) {
            throw new IllegalArgumentException("spread = " + spread + ", legal: above 0");
        }
    }

    /** Whether to stop after so many rounds, with these ratios of figures that settle. */
    public boolean isEnough(int rounds, Collection<Ratios> ratios) {
        if (rounds < minRounds) {
            return false;
        }
        return rounds >= maxRounds || ratios.stream().noneMatch(this::isNoisy);
    }

    /** Whether that ratio tells less than is asked of it. */
    public boolean isNoisy(Ratios ratios) {
        return ratios.spread() > spread;
    }
}
