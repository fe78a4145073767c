package io.weir.samples.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Output that a test can read and wait for. */
final class Captured extends OutputStream {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int b) {
        bytes.write(b);
        notifyAll();
    }

    @Override
    public synchronized void write(byte[] array, int offset, int length) {
        bytes.write(array, offset, length);
        notifyAll();
    }

    synchronized byte[] bytes() {
        return bytes.toByteArray();
    }

    synchronized String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Waits until the text is there; returns everything up to the end of its line. */
    String await(String text) throws InterruptedException {
        return await("'" + text + "'", all -> {
            int at = all.indexOf(text);
            int end = at < 0 ? -1 : all.indexOf('\n', at);
            return end < 0 ? null : all.substring(0, end);
        });
    }

    /** Waits until there is a whole line like that; returns it. */
    String awaitLine(String regex) throws InterruptedException {
        Pattern line = Pattern.compile("^" + regex + "(?=\n)", Pattern.MULTILINE);
        return await(
                "a line like " + regex,
                all -> line.matcher(all)
                        .results()
                        .map(MatchResult::group)
                        .findFirst()
                        .orElse(null));
    }

    private synchronized String await(String what, Function<String, @Nullable String> found)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            String all = text();
            String result = found.apply(all);
            if (result != null) {
                return result;
            }
            long leftNanos = deadline - System.nanoTime();
            if (leftNanos <= 0) {
                throw new AssertionError(what + " never came; there is: " + all);
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
        }
    }
}
