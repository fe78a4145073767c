package io.weir.benchmarks.profile;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Weights by name. */
final class Tally {
    private final Map<String, Long> weights = new HashMap<>();
    private long total;

    /** Adds to a name's weight. */
    void add(String name, long weight) {
        weights.merge(name, weight, Long::sum);
        total += weight;
    }

    /** The sum of all weights. */
    long total() {
        return total;
    }

    /** A heading and the heaviest names with their share of {@code base}, empty if there is none. */
    String render(String heading, int lines, long base) {
        if (weights.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder(heading).append(":\n");
        weights.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(lines)
                .forEach(entry -> out.append(String.format(
                        Locale.ROOT, "  %5.1f %%  %s%n", 100.0 * entry.getValue() / base, entry.getKey())));
        return out.toString();
    }
}
