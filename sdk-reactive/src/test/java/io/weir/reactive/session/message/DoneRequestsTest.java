package io.weir.reactive.session.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.NodeObserver.RequestDone;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DoneRequestsTest {

    private final DoneRequests done = new DoneRequests();

    @Test
    void tellsWhatWasAddedWhateverTheOrderOfAsking() {
        Random random = new Random(3);
        for (int round = 0; round < 500; round++) {
            List<RequestDone> added = new ArrayList<>();
            int kinds = 1 + random.nextInt(4);
            for (int i = random.nextInt(DoneRequests.MOST + 1); i > 0; i--) {
                RequestDone next = new RequestDone(
                        new String("route " + random.nextInt(kinds)), // equal, but another object
                        random.nextInt(kinds) == 0 ? ErrorCode.NONE : ErrorCode.APPLICATION_ERROR,
                        70_000 + random.nextInt(kinds),
                        random.nextInt(100),
                        random.nextInt(100));
                added.add(next);
                done.add(next.route(), next.outcome(), next.code(), next.queueNanos(), next.serviceNanos());
            }
            assertThat(done.size()).isEqualTo(added.size());
            for (int i = 0; i < added.size(); i++) {
                assertThat(done.get(i)).isEqualTo(added.get(i));
                int any = random.nextInt(added.size());
                assertThat(done.get(any)).isEqualTo(added.get(any));
                assertThat(done.alikeUntil(any)).isEqualTo(endOfRun(added, any));
            }
            done.clear();
            assertThat(done.isEmpty()).isTrue();
        }
    }

    private static int endOfRun(List<RequestDone> all, int from) {
        int next = from + 1;
        while (next < all.size() && alike(all.get(next), all.get(from))) {
            next++;
        }
        return next;
    }

    private static boolean alike(RequestDone one, RequestDone other) {
        return one.route().equals(other.route()) && one.outcome() == other.outcome() && one.code() == other.code();
    }

    @Test
    void timesThoseThatHaveNoTimesAndNoOthersHoweverOftenThatIsDone() {
        done.addUntimed("a", ErrorCode.NONE, 0);
        done.add("a", ErrorCode.NONE, 0, 70, 80);
        done.addUntimed("b", ErrorCode.NONE, 0);
        done.time(5, 10);
        done.time(6, 11); // of nothing
        done.addUntimed("b", ErrorCode.NONE, 0);
        done.time(7, 12);

        assertThat(times()).containsExactly("5 10", "70 80", "15 10", "7 12");

        done.clear();
        done.addUntimed("c", ErrorCode.NONE, 0);
        done.time(1, 2);
        assertThat(times()).containsExactly("1 2");
    }

    private List<String> times() {
        List<String> times = new ArrayList<>();
        for (int i = 0; i < done.size(); i++) {
            times.add(done.queueNanos(i) + " " + done.serviceNanos(i));
        }
        return times;
    }

    @Test
    void knowsNothingBeyondItsEnd() {
        done.add("a", ErrorCode.NONE, 0, 1, 2);
        done.clear();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> done.route(0));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> done.alikeUntil(0));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> done.queueNanos(-1));
    }
}
