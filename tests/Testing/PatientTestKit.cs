using Akka.Configuration;
using Akka.TestKit.Xunit2;

namespace Actors.Testing;

/// <summary>A TestKit that waits as long as a loaded machine may need: the usual 3 s are not always enough for two processes' suites at once.</summary>
public abstract class PatientTestKit : TestKit
{
    private static readonly Config Patience = ConfigurationFactory.ParseString("akka.test { single-expect-default = 60s, default-timeout = 60s }");

    /// <param name="config">What else the actor system needs.</param>
    protected PatientTestKit(Config? config = null)
        : base(Patience.WithFallback(config ?? Config.Empty).WithFallback(DefaultConfig))
    {
    }
}
