package dev.eider.runtime.browser;

import dev.eider.runtime.server.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * A headless Chromium that says it is a usual Chrome: by its agent, since a headless one is a bot
 * here, and by {@code navigator.webdriver}, since trackers send nothing where that is set.
 */
final class Chromium implements AutoCloseable {

  /** Longest that anything may take on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final String AGENT =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0"
          + " Safari/537.36";

  /** Says at each start that it does not know the newest Chromium's debugger, which is not used. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private final ChromeDriver driver;

  /** Starts one with a profile of its own; every {@code *.example.com} is this machine. */
  Chromium(Path profile) {
    Path program = Servers.require("chromium", "chromium");
    Path driverProgram = Servers.require("chromium", "chromedriver");
    SELENIUM.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-blink-features=AutomationControlled",
        "--window-size=1000,800",
        "--user-data-dir=" + profile,
        "--user-agent=" + AGENT,
        "--host-resolver-rules=MAP *.example.com 127.0.0.1");
    options.setExperimentalOption("excludeSwitches", List.of("enable-automation"));
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(driverProgram.toFile())
                .usingAnyFreePort()
                .withTimeout(PATIENCE)
                .build(),
            options);
    driver.manage().timeouts().pageLoadTimeout(PATIENCE).scriptTimeout(PATIENCE);
    // A page on a busy machine may be loaded and left before the browser gives it the focus, and
    // what has no focus is not looked at.
    driver.executeCdpCommand("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
  }

  /** Opens a page and returns when it is loaded. */
  void open(String address) {
    driver.get(address);
  }

  /** Clicks as a person does, on what has this id. */
  void click(String id) {
    driver.findElement(By.id(id)).click();
  }

  void back() {
    driver.navigate().back();
  }

  /** Runs a script in the page; what it returns. */
  String run(String script) {
    return String.valueOf(driver.executeScript(script));
  }

  /** Runs a script that calls {@code done} with its result. */
  String await(String script) {
    return String.valueOf(
        driver.executeAsyncScript("const done = arguments[arguments.length - 1];" + script));
  }

  /** Scrolls to the end, and returns when the page has been told so. */
  void scrollToTheEnd() {
    await(
        "addEventListener('scroll', () => requestAnimationFrame(() => done()), {once: true});"
            + "scrollTo(0, document.documentElement.scrollHeight)");
  }

  /** Switches scripts of pages off or on. */
  void scripts(boolean on) {
    driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !on));
  }

  String address() {
    return driver.getCurrentUrl();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
