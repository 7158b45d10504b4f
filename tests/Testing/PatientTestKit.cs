using Akka.Configuration;
using Akka.TestKit.Xunit2;

namespace Actors.Testing;

/// <summary>A TestKit with long time limits, because the default of 3 s is too short on a busy machine.</summary>
public abstract class PatientTestKit : TestKit
{
    private static readonly Config Patience = ConfigurationFactory.ParseString(
        "akka.test { single-expect-default = 60s, default-timeout = 60s }");

    /// <param name="config">More settings for the actor system.</param>
    protected PatientTestKit(Config? config = null)
        : base(Patience.WithFallback(config ?? Config.Empty).WithFallback(DefaultConfig))
    {
    }
}
