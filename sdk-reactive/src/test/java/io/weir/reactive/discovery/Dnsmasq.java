package io.weir.reactive.discovery;

import io.weir.reactive.transport.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A true DNS server, as a child process on loopback that knows nothing but what it is told and asks nobody. */
final class Dnsmasq extends ChildServer {

    private static final List<Path> PLACES = List.of(Path.of("/usr/sbin/dnsmasq"), Path.of("/usr/local/sbin/dnsmasq"));

    private final Path hosts;
    private final InetSocketAddress address;
    private @Nullable BufferedReader log;

    private Dnsmasq(Path folder) throws IOException {
        hosts = folder.resolve("hosts");
        Files.writeString(hosts, "");
        address = new InetSocketAddress("127.0.0.1", FreePort.ofBoth()); // DNS needs both
    }

    /** Not running yet. */
    static Dnsmasq in(Path folder) throws IOException {
        return new Dnsmasq(folder);
    }

    static boolean isInstalled() {
        return PLACES.stream().anyMatch(Files::isExecutable);
    }

    InetSocketAddress address() {
        return address;
    }

    /** Starts it; returns when it answers. */
    Dnsmasq start(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                PLACES.stream()
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElseThrow()
                        .toString(),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--no-resolv",
                "--no-hosts",
                "--no-poll",
                "--local=/weir.test/",
                "--bind-interfaces",
                "--listen-address=127.0.0.1",
                "--port=" + address.getPort(),
                "--addn-hosts=" + hosts,
                "--local-ttl=1",
                "--user=" + System.getProperty("user.name"),
                "--pid-file=",
                "--log-facility=-"));
        command.addAll(List.of(more));
        Process started = started(new ProcessBuilder(command).redirectErrorStream(true));
        log = new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        awaitReading();
        return this;
    }

    /** Until it says that it has read the hosts; then it answers by them. */
    private void awaitReading() throws IOException {
        BufferedReader lines = Objects.requireNonNull(log);
        List<String> said = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(line);
            if (line.contains("read " + hosts)) {
                return;
            }
        }
        throw new IOException("dnsmasq has ended: " + said);
    }

    /** Has these addresses for the name from now on. */
    void host(String name, List<String> addresses) throws IOException {
        StringBuilder lines = new StringBuilder();
        addresses.forEach(each -> lines.append(each).append(' ').append(name).append('\n'));
        Files.writeString(hosts, lines);
        Process running = running();
        if (running != null) {
            new ProcessBuilder("kill", "-HUP", Long.toString(running.pid()))
                    .start()
                    .onExit()
                    .join();
            awaitReading();
        }
    }
}
