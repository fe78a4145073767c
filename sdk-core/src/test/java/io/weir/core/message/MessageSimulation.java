package io.weir.core.message;

import io.weir.core.error.CloseReason;
import io.weir.core.wire.FrameOrder;
import java.util.List;
import java.util.Random;

/** Two ends of a session under random commands, over a link with any delays; checks its invariants after each step. */
final class MessageSimulation {

    private static final int LARGEST_FRAGMENT = 300;

    private final Random random;
    private final SimulatedSide a;
    private final SimulatedSide b;
    private final List<SimulatedSide> sides;
    private boolean reorders;
    private boolean inLanes;
    private boolean drains;

    MessageSimulation(long seed) {
        this(seed, FrameOrder.TOTAL);
    }

    private MessageSimulation(long seed, FrameOrder order) {
        random = new Random(seed);
        inLanes = order == FrameOrder.PER_HALF;
        a = side("A", order);
        b = side("B", order);
        sides = List.of(a, b);
        introduce(a, b);
    }

    private MessageSimulation(Random random, SimulatedSide a, SimulatedSide b) {
        this.random = random;
        this.a = a;
        this.b = b;
        this.sides = List.of(a, b);
        introduce(a, b);
    }

    /** Windows that hold few messages, all of which can be answered. */
    MessageSimulation withTinyWindows() {
        int most = random.nextInt(400);
        MessageSimulation simulation = new MessageSimulation(random, patient("A", most), patient("B", most));
        simulation.sides.forEach(side -> side.mostBodyBytes = 1 + most);
        return simulation;
    }

    private SimulatedSide patient(String name, int bodyBytes) {
        long window = 100 + bodyBytes + random.nextInt(100);
        MessageSettings settings =
                growing(new MessageSettings(window, window, 0xFFFF, 1 << 20, 64 + random.nextInt(100)));
        SimulatedSide side = new SimulatedSide(name, settings, random, LARGEST_FRAGMENT + 800);
        side.refuses = false;
        return side;
    }

    MessageSimulation withGoaway() {
        drains = true;
        return this;
    }

    /** Packets overtake each other and come twice. A CANCEL must not overtake its request, so there are none. */
    MessageSimulation withReordering() {
        reorders = true;
        sides.forEach(side -> {
            side.cancels = false;
            side.repeats = true;
        });
        return this;
    }

    /** Each message has a lane of its own: its packets come in order, and no order is kept between them and others. */
    static MessageSimulation inLanes(long seed) {
        return new MessageSimulation(seed, FrameOrder.PER_HALF);
    }

    private SimulatedSide side(String name, FrameOrder order) {
        int most = 4_000;
        long requestWindow = 32 + random.nextInt(most);
        long replyWindow = 32 + random.nextInt(most);
        int mostInFlight = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(10);
        MessageSettings settings = growing(new MessageSettings(
                requestWindow,
                replyWindow,
                1 + random.nextInt(40),
                random.nextInt(3 * most),
                64 + random.nextInt(LARGEST_FRAGMENT - 64)));
        SimulatedSide side = new SimulatedSide(name, settings.withOrder(order), random, LARGEST_FRAGMENT + 800);
        side.mostInFlight = mostInFlight;
        return side;
    }

    /** Half of them with windows that grow, from less than they had. */
    private MessageSettings growing(MessageSettings s) {
        if (random.nextBoolean()) {
            return s;
        }
        return new MessageSettings(
                        32 + random.nextInt((int) s.requestWindow() - 31),
                        32 + random.nextInt((int) s.replyWindow() - 31),
                        s.maxOutstanding(),
                        s.maxQueuedBytes(),
                        s.fragmentBytes())
                .withLargest(s.requestWindow(), s.replyWindow())
                .withOrder(s.order());
    }

    private static void introduce(SimulatedSide a, SimulatedSide b) {
        a.peer = b;
        b.peer = a;
        a.hear();
        b.hear();
    }

    // ---- steps

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step(sides.get(random.nextInt(2)));
            check();
        }
    }

    void fillBothSides(int requests) {
        for (SimulatedSide side : sides) {
            for (int i = 0; i < requests; i++) {
                side.ask();
            }
        }
    }

    private void step(SimulatedSide side) {
        if (random.nextInt(30) == 0) {
            side.useMemoryElsewhere();
        }
        int choice = random.nextInt(drains ? 101 : 100);
        if (choice < 20) {
            side.writeRecord();
        } else if (choice < 45) {
            deliver(side);
        } else if (choice < 60) {
            side.ask();
        } else if (choice < 65) {
            side.send();
        } else if (choice < 85) {
            side.answerOne();
        } else if (choice < 90) {
            side.takeOne();
        } else if (choice < 96) {
            side.cancelOne();
        } else if (choice < 100) {
            side.answerTwice();
        } else {
            side.goAway();
        }
    }

    private void deliver(SimulatedSide from) {
        for (int n = random.nextInt(4); n >= 0 && !from.records.isEmpty(); n--) {
            if (inLanes) {
                from.deliverOfAnyLane();
            } else if (reorders) {
                from.deliverAny();
            } else {
                from.deliverNext();
            }
        }
    }

    // ---- ends

    /** Everything is answered and written, until neither side has anything to do. */
    void finish() {
        sides.forEach(side -> side.quiet = true);
        sides.forEach(SimulatedSide::leaveMemoryElsewhere);
        check();
        boolean moved = true;
        while (moved) {
            moved = false;
            for (SimulatedSide side : sides) {
                while (side.answerOne() || side.takeOne()) {
                    moved = true;
                }
                while (side.writeRecord()) {
                    moved = true;
                }
                while (!side.records.isEmpty()) {
                    deliver(side);
                    moved = true;
                }
                check();
            }
        }
        for (SimulatedSide side : sides) {
            side.checkNothingIsLeft();
            side.checkEnds();
        }
    }

    void closeBoth(CloseReason reason) {
        for (SimulatedSide side : sides) {
            side.close(reason);
        }
        for (SimulatedSide side : sides) {
            side.checkClosed();
            side.checkEnds();
        }
    }

    void checkEverythingWasReplied() {
        for (SimulatedSide side : sides) {
            side.checkAllReplied();
        }
    }

    int messages() {
        return a.messages() + b.messages();
    }

    private void check() {
        a.check();
        b.check();
    }
}
