package io.weir.test.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a failing list shorter by leaving parts of it out (delta debugging), for as long as it fails. */
final class Shrinker {

    private Shrinker() {}

    /**
     * @param fails whether a list fails; the given one does
     * @param mostAttempts how often it is asked at most
     * @return a list that fails: with enough attempts, one that passes if any one element is left out
     */
    static <T> List<T> shrink(List<T> failing, Predicate<List<T>> fails, int mostAttempts) {
        List<T> shortest = failing;
        int attempts = 0;
        int chunk = Math.max(1, shortest.size() / 2);
        while (attempts < mostAttempts) {
            boolean shorter = false;
            for (int from = shortest.size() - chunk; from > -chunk && attempts < mostAttempts; from -= chunk) {
                List<T> candidate = new ArrayList<>(shortest.subList(0, Math.max(0, from)));
                candidate.addAll(shortest.subList(Math.min(shortest.size(), from + chunk), shortest.size()));
                attempts++;
                if (fails.test(candidate)) {
                    shortest = candidate;
                    shorter = true;
                }
            }
            if (chunk == 1 && !shorter) {
                break;
            }
            chunk = shorter ? Math.min(chunk, Math.max(1, shortest.size())) : Math.max(1, chunk / 2);
        }
        return shortest;
    }
}
