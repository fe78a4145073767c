package io.weir.test.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One step of a script: what, on which of the streams, at which of the two nodes, and a number whose meaning depends on
 * what. Every step can be done in every state, if only as nothing, so that a script stays one when steps are left out.
 */
record Operation(What what, int slot, int side, int amount) {

    /** How many streams of a script live at once. */
    static final int SLOTS = 3;

    private static final int MOST_AMOUNT = 1 << 16;
    private static final What[] WEIGHTED = weighted();

    enum What {
        /** Opens a stream, or opens it anew when it has failed; amount chooses the configurations. */
        OPEN(4),
        SEND(2),
        RECEIVE(2),
        PRODUCE(8),
        REQUEST(8),
        COMPLETE(3),
        FAIL(1),
        CANCEL_SEND(1),
        CANCEL_RECEIVE(1),
        CLOSE(1),
        DISPOSE(1),
        /** A request, which the peer echoes. */
        ASK(2),
        /** A one-way message. */
        TELL(2),
        /** Ends the session, by dispose or close. */
        END_SESSION(1),
        /** Breaks the link. */
        LOSE(1),
        CONNECT(2),
        ADVANCE(2),
        /** Lets all happen that needs no time, and looks. */
        SETTLE(10),
        /** Ends what is left of all streams, waits, and looks. */
        FINISH(0);

        private final int weight;

        What(int weight) {
            this.weight = weight;
        }
    }

    /** A sequence of so many operations at random, ended by FINISH. */
    static List<Operation> sequence(Random random, int length) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            operations.add(any(random, WEIGHTED[random.nextInt(WEIGHTED.length)]));
        }
        operations.add(any(random, What.FINISH));
        return operations;
    }

    private static Operation any(Random random, What what) {
        return new Operation(what, random.nextInt(SLOTS), random.nextInt(2), random.nextInt(MOST_AMOUNT));
    }

    private static What[] weighted() {
        List<What> all = new ArrayList<>();
        for (What what : What.values()) {
            for (int i = 0; i < what.weight; i++) {
                all.add(what);
            }
        }
        return all.toArray(new What[0]);
    }

    /** Reads what {@link #toString} of a list of operations has written, without its brackets. */
    static List<Operation> parse(String script) {
        List<Operation> operations = new ArrayList<>();
        for (String text : script.split(",")) {
            String[] parts = text.trim().split(" ");
            operations.add(new Operation(
                    What.valueOf(parts[0]),
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3])));
        }
        return operations;
    }

    @Override
    public String toString() {
        return what + " " + slot + " " + side + " " + amount;
    }
}
