namespace Actors.Simulation.Tests.Kernel;

/// <summary>A process or machine whose parts fail together.</summary>
internal sealed class SimulatedHost(int number, string name)
{
    private readonly List<SimulatedPart> _parts = [];

    public int Number => number;

    public string Name => name;

    public bool IsAlive { get; private set; } = true;

    /// <summary>The time until which the host is paused: it receives nothing and no timer runs.</summary>
    public TimeSpan PausedUntil { get; set; }

    public IReadOnlyList<SimulatedPart> Parts => _parts;

    public void AddPart(SimulatedPart part) => _parts.Add(part);

    public void RemovePart(SimulatedPart part) => _parts.Remove(part);

    /// <summary>Ends the host. It does not come back: its successor is another host.</summary>
    public void Kill()
    {
        IsAlive = false;
        foreach (var part in _parts.ToArray())
            part.IsStopped = true;
    }
}

/// <summary>The counterpart of an actor: receives messages one at a time.</summary>
internal abstract class SimulatedPart
{
    private readonly List<SimulatedPart> _watchers = [];

    protected SimulatedPart(SimulatedWorld world, SimulatedHost host)
    {
        (World, Host, Number, Created) = (world, host, world.NextPart(), world.Now);
        host.AddPart(this);
    }

    public SimulatedHost Host { get; }

    public int Number { get; }

    /// <summary>The time at which this part was created.</summary>
    public TimeSpan Created { get; }

    public bool IsStopped { get; set; }

    protected SimulatedWorld World { get; }

    protected TimeSpan Now => World.Now;

    /// <summary>Handles a message.</summary>
    public abstract void Receive(object message, SimulatedPart sender);

    /// <summary>Handles the loss of the connection to a host.</summary>
    /// <param name="host">The other host.</param>
    /// <param name="brokenAt">The time at which the connection broke, which may be much earlier.</param>
    public virtual void OnDisconnected(SimulatedHost host, TimeSpan brokenAt)
    {
    }

    /// <summary>Handles the end of a part that this one watches.</summary>
    public virtual void OnTerminated(SimulatedPart part)
    {
    }

    /// <summary>Runs an action later, unless this part has ended by then.</summary>
    protected void RunAfter(TimeSpan delay, Action action) => World.Schedule(delay, this, action);

    protected void RunAfter(int milliseconds, Action action) => RunAfter(TimeSpan.FromMilliseconds(milliseconds), action);

    /// <summary>Sends a message from this part.</summary>
    public virtual void SendTo(SimulatedPart to, object message) => World.Network.Send(this, to, message);

    protected void Send(SimulatedPart to, object message) => SendTo(to, message);

    /// <summary>Lets <see cref="OnTerminated"/> be called when the part ends. If it has ended, the answer follows at once.</summary>
    protected void Watch(SimulatedPart part)
    {
        if (part.IsStopped)
            World.Network.NotifyTerminated(part, this);
        else if (!part._watchers.Contains(this))
            part._watchers.Add(this);
    }

    protected void Unwatch(SimulatedPart part) => part._watchers.Remove(this);

    /// <summary>Ends this part, and tells those that watch it.</summary>
    public void Stop()
    {
        if (IsStopped)
            return;
        IsStopped = true;
        Host.RemovePart(this);
        foreach (var watcher in _watchers)
            World.Network.NotifyTerminated(this, watcher);
    }
}
