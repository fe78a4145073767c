package io.weir.reactive.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SendMemoryTest {

    private final NodeMemory node = new NodeMemory(2_000);
    private final SendMemory memory = new SendMemory(node, 1_000);
    private final SendMemory other = new SendMemory(node, 1_000);

    @Test
    void keepsAQuarterForReplies() {
        assertThat(memory.tryBook(700)).isTrue();
        assertThat(memory.hasRoom()).isTrue();
        assertThat(memory.tryBook(51)).isFalse();
        assertThat(memory.tryBook(50)).isTrue();
        assertThat(memory.hasRoom()).isFalse();

        assertThat(memory.tryBookReply(251)).isFalse();
        assertThat(memory.tryBookReply(250)).isTrue();
        assertThat(memory.booked()).isEqualTo(1_000);
        assertThat(node.reserved()).isEqualTo(1_000);
    }

    @Test
    void takesOneHoweverLargeWhereNothingIsBooked() {
        assertThat(memory.tryBook(5_000)).isTrue();
        assertThat(memory.tryBook(1)).isFalse();
        assertThat(memory.tryBookReply(1)).isFalse();

        memory.release(5_000);
        assertThat(memory.tryBook(1)).isTrue();
    }

    @Test
    void booksNoMoreThanTheNodeHasExceptForASessionThatHoldsNothing() {
        SendMemory third = new SendMemory(node, 1_000);
        assertThat(memory.tryBook(750)).isTrue();
        assertThat(other.tryBook(700)).isTrue();
        assertThat(other.tryBook(51)).as("a quarter of the node's is kept too").isFalse();

        assertThat(third.hasRoom()).isTrue();
        assertThat(third.tryBook(100)).as("its first").isTrue();
        assertThat(third.hasRoom()).isFalse();
        assertThat(third.tryBook(1)).isFalse();
        assertThat(third.tryBookReply(450)).isTrue();
        assertThat(third.tryBookReply(1)).isFalse();
        assertThat(node.reserved()).isEqualTo(2_000);
    }

    @Test
    void givesBackWhatItBooked() {
        memory.tryBook(300);
        memory.tryBookReply(400);
        memory.book(5_000);
        assertThat(memory.hasRoom()).isFalse();

        memory.release(5_400);
        assertThat(memory.hasRoom()).isTrue();
        assertThat(node.reserved()).isEqualTo(300);

        memory.release(300);
        assertThat(memory.booked()).isZero();
        assertThat(node.reserved()).isZero();
    }

    @Test
    void aHalfHasAQuarterOfItsSessions() {
        OfferMemory half = new OfferMemory(memory);

        assertThat(half.tryBook(200)).isTrue();
        assertThat(half.tryBook(51)).isFalse();
        assertThat(half.tryBook(50)).isTrue();
        assertThat(memory.booked()).isEqualTo(250);
        half.release(250);
        assertThat(half.tryBook(400)).as("one, where nothing is queued").isTrue();
        assertThat(half.tryBook(1)).isFalse();
        assertThat(new OfferMemory(memory).tryBook(250)).as("another").isTrue();
        assertThat(memory.booked()).isEqualTo(650);
    }

    @Test
    void theEndOfAHalfGivesEverythingBackOnce() {
        OfferMemory half = new OfferMemory(memory);
        half.tryBook(100);
        half.tryBook(100);
        other.tryBook(10);

        half.end();
        half.end();
        half.release(100);

        assertThat(memory.booked()).isZero();
        assertThat(half.tryBook(1)).isFalse();
        assertThat(node.reserved()).isEqualTo(10);
    }
}
