package io.weir.reactive.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TurnPoolTest {

    private final NodeMemory node = new NodeMemory(100_000);
    private final SendMemory memory = new SendMemory(node, 40_000);
    private final TurnPool pool = memory.forReplies();

    @Test
    void booksWhatIsAskedForOutsideATurn() {
        assertThat(pool.tryReserve(100)).isTrue();
        assertThat(pool.tryReserve(100)).isTrue();
        assertThat(memory.booked()).isEqualTo(200);
        pool.release(150);
        assertThat(memory.booked()).isEqualTo(50);
        assertThat(node.reserved()).isEqualTo(50);
    }

    @Test
    void booksAheadInATurnAndGivesBackAtItsEnd() {
        pool.turnBegins();
        for (int i = 0; i < 50; i++) {
            assertThat(pool.tryReserve(100)).isTrue();
        }
        assertThat(memory.booked()).isEqualTo(100 + TurnPool.PIECE);
        pool.turnEnds();
        assertThat(memory.booked()).isEqualTo(5_000);

        pool.turnBegins();
        pool.release(2_000);
        pool.release(3_000);
        assertThat(memory.booked()).isEqualTo(5_000);
        pool.turnEnds();
        assertThat(memory.booked()).isZero();
        assertThat(node.reserved()).isZero();
    }

    @Test
    void takesWhatFitsWhereThereIsNoRoomForAPiece() {
        memory.book(39_000);
        pool.turnBegins();
        assertThat(pool.tryReserve(600)).isTrue();
        assertThat(pool.tryReserve(400)).isTrue();
        assertThat(pool.tryReserve(1)).isFalse();
        pool.turnEnds();
        assertThat(memory.booked()).isEqualTo(40_000);
    }

    @Test
    void takesOneThatIsTooLargeWhereOnlyWhatIsAheadIsBooked() {
        pool.turnBegins();
        assertThat(pool.tryReserve(100)).isTrue();
        assertThat(pool.tryReserve(200)).isTrue();
        assertThat(pool.tryReserve(1_000_000)).isFalse();
        pool.release(300);
        assertThat(pool.tryReserve(1_000_000)).as("nothing is held").isTrue();
        assertThat(pool.tryReserve(1)).isFalse();
        pool.turnEnds();
        assertThat(memory.booked()).isEqualTo(1_000_000);
    }

    @Test
    void lendsNothingWhereANodeIsFullButForTheFirstOfASession() {
        node.reserve(100_000);
        pool.turnBegins();
        assertThat(pool.tryReserve(100)).isTrue();
        assertThat(pool.tryReserve(100)).isFalse();
        pool.turnEnds();
        assertThat(memory.booked()).isEqualTo(100);
    }

    @Test
    void holdsAfterEachTurnWhatIsReserved() {
        Random random = new Random(7);
        Queue<Long> held = new ArrayDeque<>();
        long sum = 0;
        for (int turn = 0; turn < 2_000; turn++) {
            pool.turnBegins();
            for (int i = random.nextInt(30); i > 0; i--) {
                long bytes = random.nextInt(random.nextInt(10) == 0 ? 20_000 : 400);
                if (random.nextBoolean() && pool.tryReserve(bytes)) {
                    held.add(bytes);
                    sum += bytes;
                } else if (!held.isEmpty()) {
                    long freed = held.remove();
                    pool.release(freed);
                    sum -= freed;
                }
                assertThat(memory.booked()).isBetween(sum, 40_000L);
            }
            pool.turnEnds();
            assertThat(memory.booked()).isEqualTo(sum);
            assertThat(node.reserved()).isEqualTo(sum);
        }
    }
}
