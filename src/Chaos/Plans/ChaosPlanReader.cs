using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Actors.Chaos.Plans;

/// <summary>Reads a plan from HOCON. <c>config/chaos</c> has plans with all keys.</summary>
internal static class ChaosPlanReader
{
    private const int MaxJobsInFlight = 10_000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Reads a plan from a file.</summary>
    /// <exception cref="ChaosPlanException">The plan has an error.</exception>
    public static ChaosPlan ReadFile(string path)
    {
        try
        {
            return ReadText(path, File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ChaosPlanException($"The plan {path} cannot be read: {exception.Message}");
        }
    }

    /// <summary>Reads a plan from a text.</summary>
    /// <param name="name">The name of the file, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ChaosPlanException">The plan has an error.</exception>
    public static ChaosPlan ReadText(string name, string text)
    {
        var source = new PlanSource(name, text);
        var root = Parse(source);
        var top = new PlanSection(source, "", root, null);
        var chaos = top.FindSection("chaos")
            ?? throw new ChaosPlanException($"{name} has no object 'chaos'. A plan begins with chaos {{.");
        top.RequireAllRead();
        return ReadPlan(source, chaos);
    }

    private static Dictionary<string, HoconValue> Parse(PlanSource source)
    {
        try
        {
            var root = ConfigurationFactory.ParseString(source.Text).Root;
            return root is null || root.IsEmpty ? [] : root.GetObject().Items;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The parser throws exceptions of many types.
            throw new ChaosPlanException($"{source.Name} is not HOCON: {exception.Message}");
        }
    }

    private static ChaosPlan ReadPlan(PlanSource source, PlanSection chaos)
    {
        var plan = new ChaosPlan(
            chaos.ReadText("name") ?? Path.GetFileNameWithoutExtension(source.Name),
            chaos.ReadNumber("seed", 1, 0, long.MaxValue),
            chaos.ReadDuration("warm-up", 10 * Second, TimeSpan.Zero),
            chaos.ReadDuration("cool-down", 20 * Second, TimeSpan.Zero),
            chaos.ReadDuration("spacing", 10 * Second, TimeSpan.Zero),
            chaos.ReadDuration("recover-within", 60 * Second, Second),
            ReadLoad(chaos.FindSection("load")),
            ReadFaults(source, chaos, chaos.FindValue("faults")));
        chaos.RequireAllRead();
        return plan;
    }

    private static LoadPlan ReadLoad(PlanSection? load)
    {
        var plan = new LoadPlan(
            (int)(load?.ReadNumber("jobs-in-flight", 16, 1, MaxJobsInFlight) ?? 16),
            load?.ReadDuration("job-duration", TimeSpan.FromMilliseconds(20), TimeSpan.Zero) ?? TimeSpan.FromMilliseconds(20),
            load?.ReadSwitch("queue", true) ?? true,
            load?.ReadSwitch("lock", true) ?? true);
        load?.RequireAllRead();
        return plan;
    }

    private static List<ChaosPlanEntry> ReadFaults(PlanSource source, PlanSection chaos, HoconValue? list)
    {
        if (list is null || !list.IsArray() || list.GetArray().Count == 0)
            throw chaos.CreateError("faults", "must be a list of at least one fault in braces");
        return [.. list.GetArray().Select((value, index) => value.IsObject()
            ? ChaosPlanEntryReader.ReadFault(new PlanSection(source, $"chaos.faults[{index}]", value.GetObject().Items, index))
            : throw chaos.CreateError("faults", $"has an entry ({index}) that is not an object in braces"))];
    }
}
