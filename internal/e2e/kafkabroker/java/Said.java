import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads along with what is written to standard error: workers of Connect that may not
 * do something try again and again, and say why only there.
 */
final class Said {
    /** How long, after the log has said why, nothing happens before it is believed. */
    private static final long DOUBT = 8_000;
    /** How many lines a reason may come after the name. */
    private static final int NEAR = 4;

    private static final Map<String, Said> WANTED = new HashMap<>();

    private final String name;
    private final String why;
    private int near;
    private long since;

    private Said(String name, String why) {
        this.name = name;
        this.why = why;
    }

    /** Reads standard error from now on. */
    static void listen() {
        PrintStream log = System.err;
        System.setErr(new PrintStream(new OutputStream() {
            private final ByteArrayOutputStream line = new ByteArrayOutputStream();

            @Override
            public synchronized void write(int b) {
                log.write(b);
                if (b == '\n') {
                    heard(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                } else {
                    line.write(b);
                }
            }
        }, true, StandardCharsets.UTF_8));
    }

    /** Waits for a reason near a name, from now on. */
    static Said wanted(String name, String why) {
        synchronized (WANTED) {
            return WANTED.computeIfAbsent(name, n -> new Said(n, why));
        }
    }

    private static void heard(String line) {
        synchronized (WANTED) {
            for (Said one : WANTED.values()) {
                if (line.contains(one.name)) {
                    one.near = NEAR;
                }
                if (one.near-- > 0 && one.since == 0 && line.toLowerCase(Locale.ROOT).contains(one.why)) {
                    one.since = System.currentTimeMillis();
                }
            }
        }
    }

    /** Says whether the log has said so for long enough. */
    boolean believed() {
        synchronized (WANTED) {
            return since > 0 && System.currentTimeMillis() > since + DOUBT;
        }
    }
}
