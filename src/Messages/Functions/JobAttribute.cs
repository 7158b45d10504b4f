namespace Actors;

/// <summary>
/// Gives a method a name for its jobs in durable pools that outlives builds of the program: a job that waits while the method is renamed or
/// moved keeps its name. The method must be static and not generic. The name applies to single jobs; maps ignore it. Python has no
/// counterpart.
/// </summary>
/// <param name="name">
/// The name; from 1 to 200 characters, case-sensitive, and unique in the program: opening a durable pool throws otherwise.
/// </param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JobAttribute(string name) : Attribute
{
    /// <summary>Gets the name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets or sets which build runs the jobs. Default: <see cref="JobBuild.Pinned"/>.</summary>
    public JobBuild Build { get; set; }
}

/// <summary>Which build of the program runs a job of a durable pool.</summary>
public enum JobBuild
{
    /// <summary>The build of the program that has submitted the job.</summary>
    Pinned = 0,

    /// <summary>
    /// The newest build that knows the name of the job when it starts. Parameters and result must have the same types in both builds;
    /// otherwise the job fails with <see cref="FunctionNotFoundException"/>.
    /// </summary>
    Newest = 1,
}
