package io.weir.test.simulation;

import io.weir.reactive.NodeLimits;

/** The limits of the two nodes of a script, by number. */
record Setup(int number, boolean lossy) {

    private static final int[][] INITIAL_WINDOWS = {{65_536, 65_536}, {1_024, 1_024}, {4_096, 65_536}, {100_000, 2_000}
    };

    static final int COUNT = INITIAL_WINDOWS.length;

    int initialWindow(int side) {
        return INITIAL_WINDOWS[number][side];
    }

    NodeLimits limits(int side) {
        return NodeLimits.defaults().withInitialWindowBytes(initialWindow(side));
    }
}
