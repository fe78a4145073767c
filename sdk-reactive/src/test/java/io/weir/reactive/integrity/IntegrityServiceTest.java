package io.weir.reactive.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class IntegrityServiceTest {

    private static final RootSet FIRST = roots(1);
    private static final RootSet SECOND = roots(2);
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Deque<Supplier<@Nullable RootSet>> answers = new ArrayDeque<>();
    private @Nullable IntegrityService service; // from the first that it is asked for
    private int calls;

    private IntegrityService service() {
        if (service == null) {
            service = IntegrityService.refreshing(this::next, EVERY, null, time);
        }
        return service;
    }

    private @Nullable RootSet next() {
        calls++;
        Supplier<@Nullable RootSet> answer = answers.size() > 1 ? answers.poll() : answers.peek();
        return answer == null ? null : answer.get();
    }

    @AfterEach
    void dispose() {
        service().dispose();
        time.dispose();
    }

    @Test
    void votesByTheRootsThatItFetchedLast() {
        answers.addAll(List.of(() -> FIRST, () -> SECOND));
        assertThat(vote(FIRST)).isEqualTo(1);
        assertThat(vote(SECOND)).isZero();
        time.advanceTimeBy(EVERY);
        assertThat(vote(FIRST)).isZero();
        assertThat(vote(SECOND)).isEqualTo(1);
        assertThat(calls).as("however often it votes").isEqualTo(2);
    }

    @Test
    void goesOnVotingThroughAFailureAndStopsAfterThree() {
        answers.addAll(List.of(() -> FIRST, () -> {
            throw new IllegalStateException("on purpose");
        }));
        service();
        for (int failure = 1; failure < IntegrityService.MOST_FAILURES; failure++) {
            time.advanceTimeBy(EVERY);
            assertThat(vote(FIRST)).as("after %d", failure).isEqualTo(1);
        }
        time.advanceTimeBy(EVERY);
        assertThat(vote(FIRST)).isEqualTo(-1);

        answers.clear();
        answers.add(() -> SECOND);
        time.advanceTimeBy(EVERY);
        assertThat(vote(SECOND)).isEqualTo(1);
    }

    @Test
    void doesNotVoteWhereTheSupplierHasNone() {
        answers.addAll(List.of(() -> FIRST, () -> null));
        service();
        time.advanceTimeBy(EVERY);

        assertThat(vote(FIRST)).isEqualTo(-1);
        assertThat(service().roots()).isNull();
    }

    @Test
    void doesNotVoteOnceItIsDisposedOf() {
        answers.add(() -> FIRST);
        service();
        service().dispose();
        time.advanceTimeBy(EVERY.multipliedBy(3));

        assertThat(vote(FIRST)).isEqualTo(-1);
        assertThat(calls).isOne();
    }

    @Test
    void namesTheLegalRangeOfItsInterval() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IntegrityService.refreshing(() -> FIRST, Duration.ZERO, null, Schedulers.immediate()))
                .withMessage("every is PT0S; legal: PT0.001S to PT1H");
    }

    /** -1 if it does not vote. */
    private int vote(RootSet asked) {
        VoteCodec codec = new VoteCodec(null);
        ByteBuffer question = ByteBuffer.allocate(codec.questionLength(asked.size()));
        codec.ask(new byte[16], asked, question);
        ByteBuffer answer = ByteBuffer.allocate(VoteCodec.MOST_ANSWER_BYTES);
        return service().answer(question.flip(), answer) ? answer.get(0) : -1;
    }

    private static RootSet roots(int first) {
        byte[] root = new byte[32];
        root[0] = (byte) first;
        return RootSet.of(List.of(Bytes.copyOf(root)));
    }
}
