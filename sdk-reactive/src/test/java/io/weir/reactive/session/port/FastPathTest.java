package io.weir.reactive.session.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.weir.core.datagram.Drop;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.QuestionQueue;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import io.weir.reactive.FastPathHandler;
import io.weir.reactive.FastPathStats;
import io.weir.reactive.dispatch.WorkerStats;
import io.weir.reactive.dispatch.Workers;
import io.weir.reactive.integrity.IntegrityService;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class FastPathTest {

    private static final int COMMAND = 9;

    /** Of questions with workers that take four times as many. */
    private static final int WAITING = 2;

    private static final long ONE_ANSWER_NANOS = 10_000;
    private static final PathAddress ALICE = address(1);
    private static final PathAddress BOB = address(2);

    private int published;
    private final HandLoop loop = new HandLoop();
    private final HandSocket socket = new HandSocket(loop);
    private final DropCounts drops = new DropCounts();
    private final FastPaths node = new FastPaths(Map.of(COMMAND, this::echo), 1_000_000);
    private final FastPath path = new FastPath(socket, node, 1, drops, () -> published++);
    private final List<ByteBuffer> seen = new ArrayList<>();
    private final Queue<Runnable> handedOver = new ArrayDeque<>();
    private final Scheduler byHand = Schedulers.fromExecutor(handedOver::add);
    private FastPaths movedNode = node;

    private boolean echo(ByteBuffer question, ByteBuffer answer) {
        loop.spend(ONE_ANSWER_NANOS);
        seen.add(question);
        answer.put(question.get());
        return true;
    }

    @Test
    void waitsForTheEndOfTheTurn() {
        ask(ALICE, 3);
        assertThat(socket.sent).isEmpty();

        path.onTurn(false, 0);
        assertThat(answers()).containsExactly(0, 1, 2);
        assertThat(node.stats()).isEqualTo(new FastPathStats(3, 3));
    }

    @Test
    void hasAQuarterOfATurnInWhichSessionsHaveTheRest() {
        ask(ALICE, 100);
        path.onTurn(true, 300_000);
        assertThat(socket.sent).as("100 of 400 µs").hasSize(10);

        loop.run();
        assertThat(socket.sent).as("sessions have not had their share yet").hasSize(10);
        ask(BOB, 1);
        path.onTurn(true, 60_000);
        assertThat(socket.sent).as("20 of 80 µs").hasSize(12);

        loop.spend(300_000);
        loop.run();
        assertThat(socket.sent).as("nobody else came").hasSize(101);
        assertThat(published).isOne();
        assertThat(loop.nextTimerNanos()).isZero();
    }

    @Test
    void answersOneInEachTurnHoweverShort() {
        ask(ALICE, 3);
        path.onTurn(true, 0);
        assertThat(socket.sent).hasSize(1);
        path.onTurn(true, 0);
        assertThat(socket.sent).hasSize(2);
    }

    @Test
    void worksAMillisecondAtATimeWhereNobodyElseDoes() {
        ask(ALICE, 250);
        path.onTurn(false, 0);
        assertThat(socket.sent).hasSize(100);
        loop.run();
        assertThat(socket.sent).hasSize(250);
    }

    @Test
    void dropsWhatFindsNoPlace() {
        ask(ALICE, QuestionQueue.PLACES + 7);

        assertThat(drops.of(Drop.OVERLOADED)).isEqualTo(7);
    }

    @Test
    void sendsWhatFollowsEachOtherInOnePiece() {
        ask(ALICE, 9);
        ask(BOB, 2);
        ask(ALICE, 1);
        path.onTurn(false, 0);

        assertThat(socket.calls).as("4, 4, 1, 2, 1").isEqualTo(5);
        assertThat(socket.sent.stream().map(HandSocket.Sent::to).toList())
                .startsWith(ALICE)
                .endsWith(BOB, BOB, ALICE);
        assertThat(answers()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 0);
    }

    @Test
    void keepsNoBufferAndMakesNoneForAQuestion() {
        ask(ALICE, 1);
        path.onTurn(false, 0);
        for (int i = 0; i < QuestionQueue.PLACES; i++) {
            ask(ALICE, 1);
            path.onTurn(false, 0);
        }

        assertThat(seen.get(QuestionQueue.PLACES))
                .as("of the place that it had before")
                .isSameAs(seen.get(0));
    }

    @Test
    void votesMakeNoObjects() {
        RootSet roots = RootSet.of(List.of(Bytes.copyOf(new byte[32])));
        IntegrityService service = IntegrityService.refreshing(
                () -> roots, Duration.ofHours(1), null, VirtualTimeScheduler.create()); // at once
        socket.keeps = false;
        FastPaths votes = new FastPaths(Map.of(VoteCodec.COMMAND, service), 100_000_000);
        FastPath votePath = new FastPath(socket, votes, 1, drops, () -> {});
        byte[] question = new byte[2 + 16 + 32];
        question[1] = VoteCodec.COMMAND;
        answer(votePath, question, 2_000); // until each place has its memory
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = threads.getCurrentThreadAllocatedBytes();
        answer(votePath, question, 10_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(votes.stats().answered()).isEqualTo(12_000);
        assertThat(allocated).as("bytes for 10,000 votes").isLessThan(10_000);
        service.dispose();
    }

    private void answer(FastPath votePath, byte[] question, int times) {
        for (int i = 0; i < times; i++) {
            votePath.onQuestion(question, 0, question.length, ALICE, loop.nowNanos());
            if (i % 50 == 49) {
                loop.spend(1_000_000);
                votePath.onTurn(false, 0);
            }
        }
    }

    @Test
    void whatFindsNoRoomWithTheWorkersIsDroppedAndEachQuestionIsCountedOnce() {
        FastPath worked = onWorkers(Workers.on(byHand, 1, 4 * WAITING));
        ask(worked, ALICE, 10);
        worked.onTurn(false, 0);
        assertThat(drops.of(Drop.OVERLOADED)).as("one runs").isEqualTo(10 - 1 - WAITING);
        assertThat(socket.sent).isEmpty();

        workByHand();

        assertThat(answers()).containsExactly(0, 1, 2);
        assertThat(socket.sent)
                .as("smaller than the 4 bytes of its question")
                .allSatisfy(sent -> assertThat(sent.bytes()).hasSizeLessThan(4));
        assertThat(movedNode.stats()).isEqualTo(new FastPathStats(10, 3));
        assertThat(published).as("once for each that was not of a turn").isEqualTo(3);
    }

    @Test
    void questionsLeaveTheWorkersPlacesForSessions() {
        Workers workers = Workers.on(byHand, 1, 4 * WAITING);
        FastPath worked = onWorkers(workers);
        ask(worked, ALICE, 100);
        ask(worked, BOB, 100);
        worked.onTurn(false, 0);
        List<Integer> answered = new ArrayList<>();
        workers.queue().callOrBusy(() -> Mono.just(7)).subscribe(answered::add);

        workByHand();

        assertThat(answered).containsExactly(7);
        assertThat(workers.stats()).isEqualTo(new WorkerStats(0, 0, 1 + WAITING + 1, 200 - 1 - WAITING));
        assertThat(movedNode.stats().answered() + drops.of(Drop.OVERLOADED)).isEqualTo(200);
    }

    @Test
    void workersThatAreDisposedDropWhatWaitsForThem() {
        Workers workers = Workers.on(byHand, 1, 4 * WAITING);
        FastPath worked = onWorkers(workers);
        ask(worked, ALICE, 3);
        worked.onTurn(false, 0);

        workers.dispose();
        workByHand();

        assertThat(drops.of(Drop.OVERLOADED)).isEqualTo(2);
        assertThat(movedNode.stats()).isEqualTo(new FastPathStats(3, 1));
    }

    private FastPath onWorkers(Workers workers) {
        movedNode = new FastPaths(Map.of(COMMAND, ((FastPathHandler) this::echo).on(workers)), 1_000_000);
        return new FastPath(socket, movedNode, 1, drops, () -> published++);
    }

    private void workByHand() {
        for (Runnable task = handedOver.poll(); task != null; task = handedOver.poll()) {
            task.run();
        }
    }

    @Test
    void countsWhatWaitedWhenItCloses() {
        ask(ALICE, 5);
        path.onTurn(true, 0);
        path.close();

        assertThat(drops.of(Drop.NOT_LISTENING)).isEqualTo(4);
        assertThat(node.stats()).isEqualTo(new FastPathStats(5, 1));
        assertThat(loop.nextTimerNanos()).isZero();
    }

    private void ask(PathAddress from, int count) {
        ask(path, from, count);
    }

    private void ask(FastPath asked, PathAddress from, int count) {
        for (int i = 0; i < count; i++) {
            byte[] question = {0, 0x10, COMMAND, (byte) i, 0};
            asked.onQuestion(question, 1, 4, from, loop.nowNanos());
        }
    }

    private List<Integer> answers() {
        assertThat(socket.sent)
                .allSatisfy(sent -> assertThat(sent.bytes()).hasSize(3).startsWith(0x11, COMMAND));
        return socket.sent.stream().map(sent -> (int) sent.bytes()[2]).toList();
    }

    private static PathAddress address(int last) {
        return new PathAddress(Bytes.copyOf(new byte[] {127, 0, 0, (byte) last}), 4_000);
    }
}
