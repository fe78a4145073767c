package io.weir.samples.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

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
    synchronized String await(String text) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            String all = text();
            int at = all.indexOf(text);
            int end = at < 0 ? -1 : all.indexOf('\n', at);
            if (end >= 0) {
                return all.substring(0, end);
            }
            long leftNanos = deadline - System.nanoTime();
            if (leftNanos <= 0) {
                throw new AssertionError("'" + text + "' never came; there is: " + all);
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
        }
    }
}
