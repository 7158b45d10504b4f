using Actors.Remoting.Bundles;
using Actors.Remoting.Data;

namespace Actors.Coordinator.Bundles;

/// <summary>A coordinator's store of code.</summary>
/// <param name="Bundles">The bundles.</param>
/// <param name="Data">The data port, on which peers transfer their files.</param>
public sealed record CodeStore(BundleStore Bundles, DataListener Data);
