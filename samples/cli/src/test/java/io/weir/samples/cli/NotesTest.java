package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NotesTest {

    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch read = new CountDownLatch(1);
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    /** Blocks in its first write until somebody reads. */
    private final OutputStream pipe = new OutputStream() {
        @Override
        public void write(int b) {
            first.countDown();
            try {
                read.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            told.write(b);
        }
    };

    private final Notes notes = new Notes(new PrintStream(pipe, true, StandardCharsets.UTF_8));

    @Test
    void linesComeInOrder() {
        read.countDown();

        IntStream.range(0, 100).forEach(i -> notes.add("line " + i));
        notes.finish();

        assertThat(told.toString(StandardCharsets.UTF_8).lines())
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void whatNobodyReadsIsBoundedAndCounted() throws Exception {
        notes.add("first");
        first.await(); // it is being written, and waits no more
        IntStream.range(0, Notes.MAX_WAITING).forEach(i -> notes.add("waits"));
        notes.add("beyond");
        notes.add("beyond");

        read.countDown();
        notes.finish();

        assertThat(told.toString(StandardCharsets.UTF_8).lines())
                .hasSize(1 + Notes.MAX_WAITING + 1)
                .contains("[2 lines were not shown: standard error was not read fast enough]")
                .doesNotContain("beyond");
    }

    /** Whoever does not read must not keep the process from ending: this test would not end. */
    @Test
    void endDoesNotWaitForAReaderThatNeverReads() {
        notes.add("never read");

        notes.finish();

        assertThat(told.size()).isZero();
        read.countDown();
    }
}
