package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All interleavings of short scripts at both ends of one stream id. A step is a command of either script, one control
 * record written by either side, or one frame delivered to either. Orders that lead to the same state of both ends and of
 * the frames between them go on as one.
 */
@Tag("long")
@Tag("once")
class EpochInterleavingsTest {

    private static final StreamId ID = new StreamId(7);
    private static final int MOST_STATES = 60_000;
    private static final int MOST_COMMANDS_WITH_LANES = 6;

    /** What one end does, in this order, at any time. */
    enum Command {
        /** Opens, joins what waits, or does nothing if the stream is live here. */
        OPEN,
        SEND,
        CLOSE,
        /** Ends the half with an error behind what was sent. */
        FAIL,
        RESET,
        STOP,
        EVICT,
        CONSUME,
        ACCEPT,
        REFUSE
    }

    record Scenario(String name, List<Command> a, List<Command> b, Side.Policy policy, boolean takes) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final Command OPEN = Command.OPEN;
    private static final Command SEND = Command.SEND;
    private static final Command CLOSE = Command.CLOSE;
    private static final Command FAIL = Command.FAIL;
    private static final Command RESET = Command.RESET;
    private static final Command STOP = Command.STOP;
    private static final Command EVICT = Command.EVICT;
    private static final Command CONSUME = Command.CONSUME;
    private static final Command ACCEPT = Command.ACCEPT;
    private static final Command REFUSE = Command.REFUSE;

    static Stream<Scenario> scenarios() {
        return Stream.of(
                scenario("simultaneous open", List.of(OPEN, SEND), List.of(OPEN, SEND)),
                scenario("simultaneous open, one leaves", List.of(OPEN, EVICT), List.of(OPEN, SEND)),
                scenario("simultaneous open, both leave", List.of(OPEN, EVICT), List.of(OPEN, EVICT)),
                scenario("crossed re-open", List.of(OPEN, EVICT, OPEN), List.of(OPEN, EVICT, OPEN)),
                scenario("crossed re-open with data", List.of(OPEN, SEND, EVICT, OPEN), List.of(EVICT, OPEN, SEND)),
                scenario("re-open again and again", List.of(OPEN, EVICT, OPEN, EVICT, OPEN), List.of()),
                scenario("re-open both ways", List.of(OPEN, EVICT, OPEN, EVICT), List.of(OPEN, EVICT)),
                scenario("re-open after close", List.of(OPEN, CLOSE, STOP, OPEN), List.of(CLOSE, STOP, OPEN)),
                scenario("early confirmation", List.of(OPEN, SEND, CLOSE, OPEN), List.of(CLOSE, OPEN, CLOSE)),
                scenario("stale epoch", List.of(OPEN, EVICT, OPEN, CLOSE), List.of(EVICT, OPEN)),
                scenario("both close", List.of(OPEN, SEND, CLOSE), List.of(SEND, CLOSE)),
                scenario("reset crosses stop", List.of(OPEN, SEND, RESET), List.of(STOP, SEND, RESET)),
                scenario("close crosses stop", List.of(OPEN, SEND, CLOSE, STOP), List.of(STOP, CLOSE)),
                scenario("reset after close", List.of(OPEN, SEND, CLOSE, RESET), List.of(STOP, CLOSE)),
                scenario("stop then reset", List.of(OPEN, STOP, RESET), List.of(SEND, RESET, STOP)),
                scenario("both fail", List.of(OPEN, SEND, FAIL), List.of(SEND, FAIL)),
                scenario("error crosses stop", List.of(OPEN, SEND, FAIL, STOP), List.of(STOP, FAIL)),
                scenario("reset after an error", List.of(OPEN, SEND, FAIL, RESET), List.of(STOP, FAIL)),
                scenario("re-open after an error", List.of(OPEN, FAIL, EVICT, OPEN), List.of(FAIL, OPEN)),
                scenario("dispose before answer", List.of(OPEN, EVICT), List.of(SEND, CLOSE)),
                scenario("reset at both ends before answer", List.of(OPEN, RESET, STOP), List.of(RESET, STOP, OPEN)),
                refusing("refusal", List.of(OPEN, SEND, OPEN), List.of()),
                refusing("refusal crosses leaving", List.of(OPEN, EVICT, OPEN), List.of()),
                refusing("refusal, then the refuser opens", List.of(OPEN, SEND), List.of(OPEN, EVICT)),
                unclaimed("claimed late", List.of(OPEN, SEND, CLOSE), List.of(ACCEPT, CONSUME, CLOSE)),
                unclaimed("reset before claimed", List.of(OPEN, RESET), List.of(ACCEPT, CLOSE)),
                unclaimed("left before claimed", List.of(OPEN, EVICT), List.of(ACCEPT, SEND)),
                unclaimed("left before refused", List.of(OPEN, EVICT, OPEN), List.of(REFUSE)),
                unclaimed("closed before refused", List.of(OPEN, CLOSE), List.of(REFUSE)),
                unclaimed("claimed, then left", List.of(OPEN, EVICT, OPEN), List.of(OPEN, EVICT)),
                unclaimed("superseded while unclaimed", List.of(OPEN, CLOSE, STOP, OPEN), List.of(REFUSE, OPEN)),
                queueing("drain", List.of(OPEN, SEND, SEND, CLOSE), List.of(CONSUME, CONSUME, CLOSE)),
                queueing("reset discards the queue", List.of(OPEN, SEND, CLOSE, RESET), List.of(CONSUME, CLOSE)),
                queueing("error behind the queue", List.of(OPEN, SEND, FAIL), List.of(CONSUME, FAIL)),
                queueing("reset overtakes an error", List.of(OPEN, SEND, FAIL, RESET), List.of(CONSUME, CLOSE)),
                queueing("re-open while an error drains", List.of(OPEN, SEND, FAIL, EVICT, OPEN), List.of(CONSUME)),
                queueing("stop while draining", List.of(OPEN, SEND, CLOSE), List.of(STOP, CLOSE)),
                queueing("re-open while draining", List.of(OPEN, SEND, CLOSE, STOP, OPEN), List.of(CONSUME, CLOSE)));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void bothEndsAgreeAfterEveryInterleaving(Scenario scenario) {
        explore(scenario, FrameOrder.TOTAL);
    }

    /** Those with DATA, which alone can overtake; the longest have too many ways. */
    static Stream<Scenario> scenariosWithData() {
        return scenarios().filter(scenario -> {
            List<Command> all =
                    Stream.concat(scenario.a.stream(), scenario.b.stream()).toList();
            return all.contains(SEND) && all.size() <= MOST_COMMANDS_WITH_LANES;
        });
    }

    @ParameterizedTest
    @MethodSource("scenariosWithData")
    void bothEndsAgreeWhereHalvesOvertakeControl(Scenario scenario) {
        explore(scenario, FrameOrder.PER_HALF);
    }

    private static void explore(Scenario scenario, FrameOrder order) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        open.push("");
        int ends = 0;
        while (!open.isEmpty()) {
            String steps = open.pop();
            if (explore(scenario, order, steps, seen, open)) {
                ends++;
            }
            assertThat(seen.size()).as("states of " + scenario).isLessThan(MOST_STATES);
        }
        assertThat(ends).as("ends of " + scenario).isPositive();
    }

    /** Takes these steps anew; if they lead to a new state, puts all ways on from there. True at an end. */
    private static boolean explore(
            Scenario scenario, FrameOrder order, String steps, Set<String> seen, Deque<String> open) {
        Run run = new Run(scenario, order);
        try {
            for (int i = 0; i < steps.length(); i++) {
                run.step(steps.charAt(i));
            }
            if (!seen.add(run.state())) {
                return false;
            }
            run.pair.a.checkAccounts();
            run.pair.b.checkAccounts();
            List<Character> choices = run.choices();
            for (char choice : choices) {
                open.push(steps + choice);
            }
            if (choices.isEmpty()) {
                run.pair.checkAgreement();
                run.pair.endAll();
            }
            return choices.isEmpty();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(scenario + " after steps " + steps + "\n" + run.pair.trace, e);
        }
    }

    /**
     * Upper case: a step of A; lower case: of B. C = next command, W = write control frames, D = take a frame, of the control
     * lane where lanes keep no order between them; further on, one of the lane of a half.
     */
    private static final class Run {
        private static final char DATA_FOR_A = 0x100;
        private static final char DATA_FOR_B = 0x200;

        private final Scenario scenario;
        private final FrameOrder order;
        private final SidePair pair;
        private int commandsOfA;
        private int commandsOfB;

        Run(Scenario scenario, FrameOrder order) {
            this.scenario = scenario;
            this.order = order;
            pair = SidePair.small(order);
            pair.b.policy = scenario.policy;
            pair.b.takes = scenario.takes;
            pair.a.takes = scenario.takes;
            // grants that nobody needs would only multiply the states
            pair.a.config = StreamConfig.reliable().withFixedWindow(1_024);
            pair.b.config = pair.a.config;
        }

        List<Character> choices() {
            List<Character> result = new ArrayList<>(6);
            addIf(commandsOfA < scenario.a.size(), 'C', result);
            addIf(commandsOfB < scenario.b.size(), 'c', result);
            addIf(pair.a.table.hasControl(), 'W', result);
            addIf(pair.b.table.hasControl(), 'w', result);
            if (order == FrameOrder.TOTAL) {
                addIf(!pair.b.sent.isEmpty(), 'D', result);
                addIf(!pair.a.sent.isEmpty(), 'd', result);
            } else {
                pair.lanesOf(pair.b)
                        .forEach(lane -> result.add(lane == SidePair.CONTROL ? 'D' : (char) (DATA_FOR_A + lane)));
                pair.lanesOf(pair.a)
                        .forEach(lane -> result.add(lane == SidePair.CONTROL ? 'd' : (char) (DATA_FOR_B + lane)));
            }
            return result;
        }

        private static void addIf(boolean possible, char step, List<Character> to) {
            if (possible) {
                to.add(step);
            }
        }

        /** Everything that what comes depends on. */
        String state() {
            StringBuilder text = new StringBuilder();
            text.append(commandsOfA).append(' ').append(commandsOfB);
            for (Side side : List.of(pair.a, pair.b)) {
                text.append('\n').append(side.policy).append(side.table);
                if (order == FrameOrder.TOTAL) {
                    text.append(side.sent);
                } else {
                    pair.lanesOf(side).forEach(lane -> text.append(lane).append(pair.inLane(side, lane)));
                }
                side.probes.forEach(p -> text.append(p.epoch()).append(p.ended));
                side.waiting.forEach(text::append);
            }
            return text.toString();
        }

        void step(char step) {
            switch (step) {
                case 'C' -> command(pair.a, scenario.a.get(commandsOfA++));
                case 'c' -> command(pair.b, scenario.b.get(commandsOfB++));
                case 'W' -> pair.a.pump();
                case 'w' -> pair.b.pump();
                case 'D' -> deliver(pair.b);
                case 'd' -> deliver(pair.a);
                default -> {
                    if (step >= DATA_FOR_B) {
                        pair.deliverFrom(pair.a, step - DATA_FOR_B);
                    } else {
                        pair.deliverFrom(pair.b, step - DATA_FOR_A);
                    }
                }
            }
        }

        /** One frame; open credit, of which there is plenty, comes along with the next. */
        private void deliver(Side from) {
            boolean ofOpens;
            boolean more;
            do {
                boolean anyLane = order == FrameOrder.TOTAL;
                Frame next = anyLane
                        ? from.sent.element()
                        : pair.inLane(from, SidePair.CONTROL).get(0);
                ofOpens = next instanceof CreditFrame.Window w && w.handle() == 0;
                if (anyLane) {
                    pair.deliverFrom(from);
                    more = !from.sent.isEmpty();
                } else {
                    pair.deliverFrom(from, SidePair.CONTROL);
                    more = pair.lanesOf(from).contains(SidePair.CONTROL);
                }
            } while (ofOpens && more);
        }

        private void command(Side side, Command command) {
            pair.trace.add(side.name);
            pair.trace.add(command);
            switch (command) {
                case OPEN -> {
                    if (side.table.live(ID) == null) {
                        side.open(ID);
                    }
                    return;
                }
                case ACCEPT -> {
                    if (!side.waiting.isEmpty()) {
                        side.accept(side.waiting.remove());
                    } else {
                        side.policy = Side.Policy.ACCEPT;
                    }
                    return;
                }
                case REFUSE -> {
                    if (!side.waiting.isEmpty()) {
                        side.table.refuse(side.waiting.remove(), ErrorCode.REFUSED);
                    } else {
                        side.policy = Side.Policy.REFUSE;
                    }
                    return;
                }
                default -> {}
            }
            if (side.probes.isEmpty()) {
                return;
            }
            Probe probe = side.last();
            StreamEpoch epoch = probe.epoch();
            switch (command) {
                case SEND -> side.send(probe, new byte[] {1});
                case CLOSE -> epoch.sending().close();
                case FAIL -> epoch.sending().close(ErrorCode.ENCODE_FAILED);
                case RESET -> epoch.sending().reset(ErrorCode.APPLICATION_ERROR);
                case STOP -> epoch.receiving().stop(ErrorCode.CANCELLED);
                case EVICT -> epoch.evict(ErrorCode.IDLE_TIMEOUT);
                case CONSUME -> side.consume(probe);
                default -> throw new IllegalArgumentException("command " + command);
            }
        }
    }

    private static Scenario scenario(String name, List<Command> a, List<Command> b) {
        return new Scenario(name, a, b, Side.Policy.ACCEPT, true);
    }

    private static Scenario refusing(String name, List<Command> a, List<Command> b) {
        return new Scenario(name, a, b, Side.Policy.REFUSE, true);
    }

    private static Scenario unclaimed(String name, List<Command> a, List<Command> b) {
        return new Scenario(name, a, b, Side.Policy.LEAVE, true);
    }

    private static Scenario queueing(String name, List<Command> a, List<Command> b) {
        return new Scenario(name, a, b, Side.Policy.ACCEPT, false);
    }
}
