package io.weir.samples.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Words that somebody may have meant who typed another one. */
final class Similar {

    private Similar() {}

    /**
     * Those that fewest slips of the finger lead to from what was typed: a letter left out, added, or another one, or two that
     * changed places. A slip for every second letter is no likeness; a beginning is one.
     */
    static List<String> to(String typed, Collection<String> known) {
        String word = bare(typed);
        List<String> nearest = new ArrayList<>();
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            String other = bare(candidate);
            int slips = word.length() > 1 && other.startsWith(word) ? 1 : slips(word, other);
            if (slips > other.length() / 2 || slips > fewest) {
                continue;
            }
            if (slips < fewest) {
                nearest.clear();
                fewest = slips;
            }
            nearest.add(candidate);
        }
        return nearest;
    }

    private static String bare(String word) {
        return word.replaceFirst("^-+", "").toLowerCase(Locale.ROOT);
    }

    /** The distance of optimal string alignment, by rows: how many slips lead from each beginning of one to each of the other. */
    private static int slips(String one, String other) {
        int[][] rows = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                rows[i][j] = i == 0 || j == 0 ? i + j : fewest(rows, one, other, i, j);
            }
        }
        return rows[one.length()][other.length()];
    }

    private static int fewest(int[][] rows, String one, String other, int i, int j) {
        char last = one.charAt(i - 1);
        char otherLast = other.charAt(j - 1);
        int fewest = Math.min(rows[i - 1][j], rows[i][j - 1]) + 1;
        fewest = Math.min(fewest, rows[i - 1][j - 1] + (last == otherLast ? 0 : 1));
        boolean swapped =
                i > 1 && j > 1 && last == other.charAt(j - 2) && otherLast == one.charAt(i - 2) && last != otherLast;
        return swapped ? Math.min(fewest, rows[i - 2][j - 2] + 1) : fewest;
    }
}
