package io.weir.samples.cli.exec;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.reactive.Request;
import io.weir.reactive.RequestHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * Answers each request with what a program writes on its standard output. The request's bytes are its standard input; its
 * environment tells {@code WEIR_PEER}, who asks, and {@code WEIR_ROUTE}, what for; its standard error is this process's.
 *
 * <table>
 * <caption>What the requester gets</caption>
 * <tr><th>the program</th><th>the answer</th></tr>
 * <tr><td>ends with status 0</td><td>its output, also an empty one</td></tr>
 * <tr><td>ends with another, or cannot be started</td><td>{@code APPLICATION_ERROR}</td></tr>
 * <tr><td>writes more than it may</td><td>{@code PAYLOAD_TOO_LARGE}; it is killed</td></tr>
 * <tr><td>runs longer than it may</td><td>{@code REQUEST_TIMEOUT}; it is killed</td></tr>
 * <tr><td>was not started: {@value #MOST} requests wait or run</td><td>{@code BUSY}</td></tr>
 * </table>
 *
 * <p>When the requester gives up, or its session ends, its process is killed. A place is free again when its process has
 * ended.
 */
public final class CommandHandler implements RequestHandler, AutoCloseable {

    /** Requests that wait for a process or have one. */
    static final int MOST = 256;

    private static final int GRACE_SECONDS = 5;

    private final Program program;
    private final ExecLimits limits;
    private final Consumer<String> failures;
    private final ExecutorService workers;
    private final ExecutorService feeders;
    private final RequestHandler onWorkers;
    private volatile boolean closed;

    /** @param failures is told in a line why a request got no output; any thread */
    public CommandHandler(Program program, ExecLimits limits, Consumer<String> failures) {
        this.program = program;
        this.limits = limits;
        this.failures = failures;
        this.workers = pool("weir-exec", limits.processes());
        this.feeders = pool("weir-exec-input", limits.processes());
        RequestHandler blocking = this::run;
        this.onWorkers = blocking.on(Schedulers.fromExecutorService(workers));
    }

    @Override
    public Publisher<ByteBuffer> handle(Request request) {
        return onWorkers.handle(request);
    }

    /** Takes nothing more and kills what runs. Waits for its end, at most {@value #GRACE_SECONDS} s. */
    @Override
    public void close() {
        closed = true;
        workers.shutdownNow();
        try {
            workers.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        feeders.shutdown();
    }

    private Publisher<ByteBuffer> run(Request request) {
        return Mono.create(sink -> run(request, sink));
    }

    private void run(Request request, MonoSink<ByteBuffer> sink) {
        AtomicBoolean givenUp = new AtomicBoolean();
        sink.onCancel(() -> givenUp.set(true));
        try {
            sink.success(ByteBuffer.wrap(outputNow(request, givenUp)));
        } catch (InterruptedException e) {
            sink.error(new RequestRefusedException(ErrorCode.GOING_AWAY)); // cancelled, or this handler was closed
        } catch (RequestRefusedException e) {
            report(request, givenUp, e.reason().error().name());
            sink.error(e);
        } catch (CommandFailure | IOException e) {
            report(request, givenUp, String.valueOf(e.getMessage()));
            sink.error(e);
        }
    }

    private byte[] outputNow(Request request, AtomicBoolean givenUp)
            throws IOException, InterruptedException, CommandFailure {
        try (ChildProcess child = new ChildProcess(start(request), limits, () -> closed || givenUp.get())) {
            child.feed(request.payload(), feeders);
            return child.outputNow();
        }
    }

    private Process start(Request request) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.command()).redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.put("WEIR_PEER", request.peer().toString());
        environment.put("WEIR_ROUTE", request.route());
        restoreLocale(environment);
        return builder.start();
    }

    /** The start script may have changed the locale for the JVM's sake; the command gets the user's. */
    private static void restoreLocale(Map<String, String> environment) {
        String locale = environment.remove("WEIR_LC_ALL");
        if (locale != null && locale.isEmpty()) {
            environment.remove("LC_ALL");
        } else if (locale != null) {
            environment.put("LC_ALL", locale);
        }
    }

    private void report(Request request, AtomicBoolean givenUp, String why) {
        if (!givenUp.get() && !closed) {
            failures.accept("no output for request " + request.id() + " of " + request.peer() + ": " + why);
        }
    }

    private static ExecutorService pool(String name, int threads) {
        return new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(Math.max(1, MOST - threads)), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
    }
}
