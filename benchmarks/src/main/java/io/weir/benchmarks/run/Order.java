package io.weir.benchmarks.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** In which order the peers take their turns. */
final class Order {
    private Order() {}

    /**
     * The order of a round, 0-based: each second one runs backwards, so that a speed that drifts evenly favours nobody,
     * and every two rounds another peer begins, so that nobody has a place of its own.
     */
    static <T> List<T> of(int round, List<T> all) {
        List<T> order = new ArrayList<>(all);
        if (!order.isEmpty()) {
            Collections.rotate(order, -(round / 2 % order.size()));
        }
        if (round % 2 == 1) {
            Collections.reverse(order);
        }
        return order;
    }
}
