package io.weir.test.simulation;

import io.weir.reactive.NodeLimits;
import java.time.Duration;

/** The limits of the two nodes of a script, by number. */
record Setup(int number, Carriage carriage) {

    private static final int[][] INITIAL_WINDOWS = {{65_536, 65_536}, {1_024, 1_024}, {4_096, 65_536}, {100_000, 2_000}
    };

    /** Over datagrams a turn may take as long as it takes to bring all that was lost, and none may run out of time by that. */
    private static final Duration PATIENT = Duration.ofMinutes(30);

    private static final Duration AFTER_DEFAULTS = Duration.ofSeconds(31);

    static final int COUNT = INITIAL_WINDOWS.length;

    /** Whether what is fire-and-forget may be lost. */
    boolean lossy() {
        return carriage == Carriage.PACKETS || carriage == Carriage.DATAGRAMS;
    }

    int initialWindow(int side) {
        return INITIAL_WINDOWS[number][side];
    }

    NodeLimits limits(int side) {
        NodeLimits limits = NodeLimits.defaults().withInitialWindowBytes(initialWindow(side));
        return carriage == Carriage.DATAGRAMS
                ? limits.withDrainTimeout(PATIENT).withRequestTimeout(PATIENT).withOpenTimeout(PATIENT)
                : limits;
    }

    /** In which whatever has a time-out has had it. */
    Duration everyTimeout() {
        return carriage == Carriage.DATAGRAMS ? PATIENT.plusSeconds(1) : AFTER_DEFAULTS;
    }
}
