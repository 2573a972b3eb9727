import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Properties;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * ORDS in its stand-alone mode as far as TLS goes: Jetty, with the certificate and key that a
 * standalone.properties names, read as Java reads them; and the lines of kb39324 step 11 b.
 *
 * <p>With a second argument it ends as soon as it is ready: so its class archive is made.
 */
public final class OrdsStandIn {
    private static final char[] IN_MEMORY = "in memory".toCharArray();

    private OrdsStandIn() {}

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (InputStream text = Files.newInputStream(Path.of(arguments[0]))) {
            properties.load(text);
        }
        Server server = new Server();
        ServerConnector connector =
                new ServerConnector(
                        server,
                        new SslConnectionFactory(tls(properties), "http/1.1"),
                        new HttpConnectionFactory());
        connector.setPort(Integer.parseInt(properties.getProperty("jetty.secure.port")));
        server.addConnector(connector);
        server.start();
        System.out.println(Instant.now() + " INFO        Oracle REST Data Services initialized");
        System.out.println("Oracle REST Data Services version : 21.4.3.r1170405");
        System.out.println("Oracle REST Data Services server info: jetty/" + Server.getVersion());
        System.out.println("Ords Standalone is ready");
        if (arguments.length > 1) {
            server.stop();
        }
        server.join();
    }

    private static SslContextFactory.Server tls(Properties properties)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "ords",
                key(Path.of(properties.getProperty("ssl.cert.key"))),
                IN_MEMORY,
                chain(Path.of(properties.getProperty("ssl.cert"))));
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(store);
        tls.setKeyStorePassword(new String(IN_MEMORY));
        return tls;
    }

    private static Certificate[] chain(Path path) throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(path)) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(pem)
                    .toArray(new Certificate[0]);
        }
    }

    /** PKCS#8, as DER or as PEM. */
    private static PrivateKey key(Path path) throws IOException, GeneralSecurityException {
        byte[] content = Files.readAllBytes(path);
        String text = new String(content, StandardCharsets.ISO_8859_1);
        if (text.startsWith("-----BEGIN PRIVATE KEY-----")) {
            content = Base64.getMimeDecoder().decode(text.replaceAll("-----.*?-----", ""));
        }
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(content));
    }
}
