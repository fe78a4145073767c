package io.weir.samples.cli;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An output that remembers its first failure, because what writes through it may swallow that, as every {@link
 * java.io.PrintWriter} does: a command whose result went nowhere has failed.
 */
final class ResultOutput extends OutputStream {

    private final OutputStream out;
    private volatile @Nullable IOException failure;

    ResultOutput(OutputStream out) {
        this.out = out;
    }

    /** Why something could not be written; null if everything was. */
    @Nullable
    IOException failure() {
        return failure;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw remembered(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw remembered(e);
        }
    }

    private IOException remembered(IOException e) {
        if (failure == null) {
            failure = e;
        }
        return e;
    }
}
