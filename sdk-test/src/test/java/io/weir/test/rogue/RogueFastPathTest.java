package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.Drop;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.integrity.VoteKey;
import io.weir.core.wire.Bytes;
import io.weir.reactive.FastPathHandler;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.integrity.IntegrityService;
import io.weir.reactive.node.Heap;
import io.weir.test.network.SimulatedNetwork;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Questions that anybody can send to a node, and answers that nobody has asked for. */
class RogueFastPathTest {

    private static final int ECHO = 42;
    private static final int BURST = 1_000; // a tenth of what a network may ask in a second
    private static final byte[] ROOT = filled(1);
    private static final RootSet ROOTS = RootSet.of(List.of(Bytes.copyOf(ROOT)));

    private final IntegrityService service = IntegrityService.refreshing(
            () -> ROOTS, Duration.ofHours(1), VoteKey.of(ROOT), VirtualTimeScheduler.create());
    private final List<Disposable> used = new ArrayList<>(List.of(service));

    @AfterEach
    void end() {
        used.forEach(Disposable::dispose);
    }

    @Test
    void answersNoQuestionOfALengthThatNoneHas() {
        try (DatagramVictim victim = victim();
                RogueDatagramPeer rogue = victim.rogue()) {
            int answered = 0;
            for (int length = 2; length <= 2_200; length++) {
                byte[] question = new byte[length];
                question[0] = DatagramType.FAST.number();
                question[1] = VoteCodec.COMMAND;
                rogue.send(question);
                victim.advance(Duration.ofMillis(1)); // as often as it may ask
                boolean asks = length >= 2 + 16 + 32 && length <= 2 + 16 + 64 * 32 && (length - 18) % 32 == 0;
                List<byte[]> answers = rogue.answers();
                answered += answers.size();
                assertThat(answers).as("length %d", length).hasSize(asks ? 1 : 0);
                answers.forEach(answer ->
                        assertThat(answer).hasSizeLessThan(question.length).hasSize(2 + 1 + 16));
            }
            assertThat(answered).isEqualTo(64);
            assertAddsUp(victim);
        }
    }

    @Test
    void answersNoQuestionAboutTooManyDenominations() {
        try (DatagramVictim victim = victim();
                RogueDatagramPeer rogue = victim.rogue()) {
            rogue.send(question(65, 0));
            rogue.send(question(2_000, 0));
            assertThat(rogue.answers()).isEmpty();
            assertThat(victim.dropped(Drop.UNANSWERED) + victim.dropped(Drop.MALFORMED))
                    .isEqualTo(2);
            assertAddsUp(victim);
        }
    }

    @Test
    void answersNoQuestionWhoseMacIsForged() {
        try (DatagramVictim victim = victim();
                RogueDatagramPeer rogue = victim.rogue()) {
            for (int i = 0; i < 100; i++) {
                byte[] question = question(1, 16);
                System.arraycopy(filled(i), 0, question, 50, 16);
                rogue.send(question);
            }
            assertThat(rogue.answers()).isEmpty();
            assertThat(victim.dropped(Drop.UNANSWERED)).isEqualTo(100);
        }
    }

    @Test
    void dropsQuestionsThatNoHandlerTakes() {
        try (DatagramVictim victim = victim();
                RogueDatagramPeer rogue = victim.rogue()) {
            for (int command = 0; command < 256; command++) {
                rogue.send(new byte[] {DatagramType.FAST.number(), (byte) command, 1, 2, 3, 4});
            }
            assertThat(rogue.answers()).as("of command 42").hasSize(1);
            assertThat(victim.dropped(Drop.UNKNOWN_COMMAND)).isEqualTo(254);
            assertAddsUp(victim);
        }
    }

    @Test
    void answersAlwaysByLess() {
        try (DatagramVictim victim = victim();
                RogueDatagramPeer rogue = victim.rogue()) {
            for (int length = 2; length < 64; length++) {
                byte[] question = new byte[length];
                question[0] = DatagramType.FAST.number();
                question[1] = ECHO;
                rogue.send(question);
                int most = length - 1;
                assertThat(rogue.answers())
                        .allSatisfy(answer -> assertThat(answer).hasSize(most));
            }
            assertThat(rogue.bytesHeard()).isLessThan(rogue.bytesSaid());
        }
    }

    @Test
    void answersNoAnswer() {
        try (DatagramVictim victim = victim();
                RogueDatagramPeer rogue = victim.rogue()) {
            PeerNode other = victim.other(spec -> served(spec).listen(victim.network.address("other-1")));
            byte[] answer = {0x11, ECHO, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9};
            rogue.send(answer);
            rogue.forge(answer, "other-1", SimulatedNetwork.PORT);
            victim.soon();
            assertThat(rogue.bytesHeard()).isZero();
            assertThat(victim.dropped(Drop.UNASKED)).isEqualTo(2);
            assertThat(other.droppedDatagrams()).isEmpty();
        }
    }

    /** Two nodes, and a question that one of them seems to have asked the other: it ends with the answer. */
    @Test
    void aForgedQuestionBetweenTwoNodesIsNoLoop() {
        try (DatagramVictim victim = victim();
                RogueDatagramPeer rogue = victim.rogue()) {
            PeerNode other = victim.other(spec -> served(spec).listen(victim.network.address("other-1")));
            rogue.forge(question(1, 0), "other-1", SimulatedNetwork.PORT);
            victim.advance(Duration.ofSeconds(5));

            assertThat(victim.node.fastPath().answered()).isOne();
            assertThat(other.droppedDatagrams()).containsExactlyEntriesOf(Map.of(Drop.UNASKED, 1L));
            assertThat(other.fastPath().received()).isZero();
        }
    }

    @Test
    void dropsAnswersThatNobodyAskedFor() {
        try (DatagramVictim victim = victim();
                RogueDatagramPeer rogue = victim.rogue()) {
            List<Vote> votes = new ArrayList<>();
            victim.node
                    .vote(victim.network.address(rogue.host()).withPort(rogue.port()), ROOTS)
                    .subscribe(votes::add, e -> {});
            byte[] asked = rogue.answer(DatagramType.FAST);
            Random random = new Random(1);
            for (int length = 1; length < 100; length++) {
                byte[] answer = new byte[length];
                random.nextBytes(answer);
                answer[0] = DatagramType.ANSWER.number();
                if (length > 1) {
                    answer[1] = VoteCodec.COMMAND;
                }
                rogue.send(answer);
            }
            assertThat(votes).isEmpty();
            assertThat(victim.dropped(Drop.UNASKED)).isEqualTo(100 - 19);
            assertThat(victim.dropped(Drop.TRUNCATED)).isEqualTo(18);

            byte[] answer = new byte[19];
            answer[0] = DatagramType.ANSWER.number();
            answer[1] = VoteCodec.COMMAND;
            System.arraycopy(asked, 2, answer, 3, 16);
            answer[2] = 2;
            rogue.send(answer);
            assertThat(victim.dropped(Drop.MALFORMED))
                    .as("no vote has that number")
                    .isOne();
            answer[2] = 1;
            rogue.send(answer);
            rogue.send(answer);
            victim.soon();
            assertThat(votes).containsExactly(Vote.AGREE);
            assertThat(victim.dropped(Drop.UNASKED)).as("the second time").isEqualTo(100 - 19 + 1);
        }
    }

    @Test
    void dropsTheFloodOfOneNetworkAndAnswersOthers() {
        try (DatagramVictim victim = victim();
                RogueDatagramPeer rogue = victim.rogue();
                RogueDatagramPeer sibling = victim.rogue()) {
            byte[] question = question(1, 0);
            for (int i = 0; i < 5 * BURST; i++) {
                rogue.send(question);
                if (i % 100 == 0) {
                    victim.network.settle();
                }
            }
            sibling.send(question);
            assertThat(sibling.answers()).hasSize(1);
            assertThat(rogue.answers()).hasSize(BURST);
            assertThat(victim.dropped(Drop.TOO_MANY_QUESTIONS)).isEqualTo(4 * BURST);
            victim.advance(Duration.ofMillis(1));
            rogue.send(question);
            assertThat(rogue.answers()).as("a while later").hasSize(1);
            assertAddsUp(victim);
        }
    }

    @Test
    void holdsNothingForAFloodFromEverywhere() {
        try (DatagramVictim victim = victim();
                RogueDatagramPeer rogue = victim.rogue()) {
            byte[] question = question(1, 0);
            List<String> hosts = new ArrayList<>();
            for (int host = 0; host < 200; host++) {
                hosts.add("crowd-" + host);
            }
            for (int round = 0; round < 20; round++) {
                hosts.forEach(host -> rogue.forge(question, host, 4_000));
            }
            victim.soon();
            long before = Heap.used();
            for (int round = 0; round < 200; round++) {
                hosts.forEach(host -> rogue.forge(question, host, 4_000));
                victim.network.settle();
            }
            assertThat(Heap.used() - before)
                    .as("heap held for 40,000 questions")
                    .isLessThan(8L << 20);
            victim.soon();
            assertAddsUp(victim);
            assertThat(victim.node.fastPath().answered()).isPositive();
        }
    }

    @Test
    void aHandlerThatThrowsCostsItsQuestionOnly() {
        FastPathHandler fails = (question, answer) -> {
            throw new IllegalStateException("on purpose");
        };
        FastPathHandler writesTooMuch = (question, answer) -> {
            answer.put(new byte[answer.remaining() + 1]);
            return true;
        };
        FastPathHandler goesBack = (question, answer) -> {
            answer.position(answer.position() - 1);
            return true;
        };
        try (DatagramVictim victim = DatagramVictim.start(spec -> served(spec)
                        .fastPath(1, fails)
                        .fastPath(2, writesTooMuch)
                        .fastPath(3, goesBack));
                RogueDatagramPeer rogue = victim.rogue()) {
            for (int command = 1; command <= 3; command++) {
                rogue.send(new byte[] {DatagramType.FAST.number(), (byte) command, 1, 2, 3});
            }
            rogue.send(question(1, 0));
            assertThat(rogue.answers()).hasSize(1);
            assertThat(victim.dropped(Drop.HANDLER_FAILED)).isEqualTo(3);
            assertAddsUp(victim);
        }
    }

    @Test
    void isSilentWhereTheWorkersHaveEnoughToDo() {
        List<Runnable> waiting = new ArrayList<>();
        Scheduler slow = Schedulers.fromExecutor(waiting::add);
        Scheduler full = Schedulers.fromExecutor(task -> {
            throw new RejectedExecutionException("full");
        });
        try (DatagramVictim victim = DatagramVictim.start(spec -> served(spec)
                        .fastPath(1, RogueFastPathTest::echo)
                        .fastPath(2, ((FastPathHandler) RogueFastPathTest::echo).on(slow, 3))
                        .fastPath(3, ((FastPathHandler) RogueFastPathTest::echo).on(full)));
                RogueDatagramPeer rogue = victim.rogue()) {
            for (int i = 0; i < 5; i++) {
                rogue.send(new byte[] {DatagramType.FAST.number(), 2, (byte) i, 2, 3});
                rogue.send(new byte[] {DatagramType.FAST.number(), 3, (byte) i, 2, 3});
            }
            assertThat(rogue.answers()).isEmpty();
            assertThat(victim.dropped(Drop.OVERLOADED)).isEqualTo(2 + 5);
            assertThat(waiting).hasSize(3);

            List.copyOf(waiting).forEach(Runnable::run);
            assertThat(rogue.answers().stream().map(answer -> (int) answer[2])).containsExactly(0, 1, 2);
            rogue.send(new byte[] {DatagramType.FAST.number(), 2, 9, 2, 3});
            victim.soon();
            assertThat(waiting).hasSize(4);
            waiting.get(3).run();
            assertAddsUp(victim);
        }
    }

    @Test
    void answersNothingAtAPortThatDoesNotListen() {
        try (DatagramVictim victim = victim();
                RogueDatagramPeer rogue = victim.rogue()) {
            PeerNode dialler = victim.other(spec -> served(spec));
            victim.connected(dialler);
            rogue.sendTo(question(1, 0), "other-1", 32_768);
            victim.soon();
            assertThat(rogue.answers()).isEmpty();
            assertThat(dialler.droppedDatagrams()).containsEntry(Drop.NOT_LISTENING, 1L);
            assertThat(dialler.fastPath().received()).isZero();
        }
    }

    private DatagramVictim victim() {
        return DatagramVictim.start(this::served);
    }

    private PeerNodeSpec served(PeerNodeSpec spec) {
        return spec.fastPath(VoteCodec.COMMAND, service).fastPath(ECHO, RogueFastPathTest::echo);
    }

    /** As much as there is room for. */
    private static boolean echo(ByteBuffer question, ByteBuffer answer) {
        while (answer.hasRemaining()) {
            answer.put(question.hasRemaining() ? question.get() : 0);
        }
        return true;
    }

    /** Each question has an answer or a reason. */
    private static void assertAddsUp(DatagramVictim victim) {
        victim.soon();
        long dropped = 0;
        for (Drop reason : List.of(
                Drop.UNKNOWN_COMMAND, Drop.TOO_MANY_QUESTIONS, Drop.OVERLOADED, Drop.UNANSWERED, Drop.HANDLER_FAILED)) {
            dropped += victim.dropped(reason);
        }
        assertThat(victim.node.fastPath().received())
                .isEqualTo(victim.node.fastPath().answered() + dropped);
    }

    private static byte[] question(int roots, int macBytes) {
        byte[] question = new byte[2 + 16 + 32 * roots + macBytes];
        question[0] = DatagramType.FAST.number();
        question[1] = VoteCodec.COMMAND;
        return question;
    }

    private static byte[] filled(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return bytes;
    }
}
