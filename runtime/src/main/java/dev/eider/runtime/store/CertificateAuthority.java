package dev.eider.runtime.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom TLS connections trust, from a PEM file of one or more certificates, which is read again for
 * each new connection: authorities are replaced, and a Secret's file follows.
 */
final class CertificateAuthority extends X509ExtendedTrustManager {

  private final Path pem;

  /**
   * @throws IOException when there is no such file now, or nothing in it can be used
   */
  CertificateAuthority(Path pem) throws IOException {
    this.pem = pem;
    read(pem);
  }

  private static X509ExtendedTrustManager read(Path pem) throws IOException {
    if (!Files.isReadable(pem)) {
      throw new IOException(
          "the certificates to trust, %s, are not there or may not be read".formatted(pem));
    }
    try (InputStream in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new IOException(pem + " holds no certificate");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509ExtendedTrustManager.class::isInstance)
          .map(X509ExtendedTrustManager.class::cast)
          .findFirst()
          .orElseThrow(() -> new IOException("this Java has no way to check certificates"));
    } catch (GeneralSecurityException e) {
      throw new IOException(pem + " cannot be used as certificates (PEM): " + e.getMessage(), e);
    }
  }

  private X509ExtendedTrustManager now() throws CertificateException {
    try {
      return read(pem);
    } catch (IOException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String method)
      throws CertificateException {
    now().checkServerTrusted(chain, method);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String method, Socket socket)
      throws CertificateException {
    now().checkServerTrusted(chain, method, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String method, SSLEngine engine)
      throws CertificateException {
    now().checkServerTrusted(chain, method, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String method)
      throws CertificateException {
    now().checkClientTrusted(chain, method);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String method, Socket socket)
      throws CertificateException {
    now().checkClientTrusted(chain, method, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String method, SSLEngine engine)
      throws CertificateException {
    now().checkClientTrusted(chain, method, engine);
  }

  /** None is named: which would be sent to whoever shows a certificate of a client. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
