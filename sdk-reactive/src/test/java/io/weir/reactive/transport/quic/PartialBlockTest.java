package io.weir.reactive.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartialBlockTest {

    private static final int MOST = 65_535;

    private final PartialBlock.Spare spare = new PartialBlock.Spare(() -> false);
    private final PartialBlock block = new PartialBlock(spare);

    @Test
    void aBlockThatIsCutAnywhereComesAsItWas() {
        Random random = new Random(5);
        for (int length : new int[] {1, 2, 1_400, 8_192, 8_193, 32_768, MOST}) {
            byte[] sent = new byte[length];
            random.nextBytes(sent);
            ByteBuf in = Unpooled.wrappedBuffer(sent);

            block.begin(length);
            boolean whole = false;
            while (in.isReadable()) {
                assertThat(whole).isFalse();
                whole = block.take(in.readSlice(Math.min(in.readableBytes(), 1 + random.nextInt(1_500))));
            }

            assertThat(whole).isTrue();
            assertThat(block.length()).isEqualTo(length);
            assertThat(Arrays.copyOf(block.release(), length)).isEqualTo(sent);
        }
    }

    @Test
    void takesNoMoreThanTheBlock() {
        ByteBuf in = Unpooled.wrappedBuffer(new byte[10]);
        block.begin(4);
        assertThat(block.take(in)).isTrue();
        assertThat(in.readableBytes()).isEqualTo(6);
    }

    @Test
    void whatIsAnnouncedTakesNoMemoryBeforeItComes() {
        block.begin(MOST);
        block.take(Unpooled.wrappedBuffer(new byte[1]));
        assertThat(block.release().length).isLessThanOrEqualTo(8_192);

        block.begin(MOST);
        block.take(Unpooled.wrappedBuffer(new byte[9_000]));
        assertThat(block.release().length).isLessThanOrEqualTo(4 * 9_000);
    }

    @Test
    void anArrayThatIsGivenBackServesTheNextBlock() {
        byte[] unused = new byte[MOST];
        spare.giveBack(unused);
        block.begin(100);
        block.take(Unpooled.wrappedBuffer(new byte[100]));
        assertThat(block.release()).isSameAs(unused);

        block.begin(100);
        block.take(Unpooled.wrappedBuffer(new byte[100]));
        assertThat(block.release()).isNotSameAs(unused).hasSize(100);
    }

    @Test
    void whatIsKeptHasAnArrayOfItsOwnSize() {
        PartialBlock.Spare kept = new PartialBlock.Spare(() -> true);
        kept.giveBack(new byte[MOST]);
        PartialBlock own = new PartialBlock(kept);
        own.begin(100);
        own.take(Unpooled.wrappedBuffer(new byte[100]));
        assertThat(own.release()).hasSize(100);
    }
}
